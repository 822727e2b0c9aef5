import type { CatchUpRule, OverlapRule } from '../../model/overlap.ts';
import type { NotifyRule } from '../../model/job.ts';

interface RuleMenu<Rule extends string> {
  label: string;
  options: Record<Rule, string>;
}

const notify: RuleMenu<NotifyRule> = {
  label: 'Notify me',
  options: { failure: 'when it fails', always: 'always', never: 'never' },
};

const overlap: RuleMenu<OverlapRule> = {
  label: 'Due while the last run goes on',
  options: {
    skip: 'leave it out',
    queue: 'run when the last has ended',
    cancel: 'cancel the last and run',
    allow: 'run beside it',
  },
};

const catchUp: RuleMenu<CatchUpRule> = {
  label: 'Missed while nightdesk was down',
  options: { skip: 'leave it out', latest: 'run the latest', all: 'run all, up to 10' },
};

/** The fields of the form that take one of a few words, with what people read. */
export const formRules = { notify, overlap, 'catch-up': catchUp } as const;
export type RuleField = keyof typeof formRules;
