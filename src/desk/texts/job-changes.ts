import { isDeepStrictEqual } from 'node:util';

import type { Check } from '../../model/check.ts';
import { formatDuration } from '../../model/duration.ts';
import { cut } from '../../model/grammar/mistake.ts';
import type { Job } from '../../model/job.ts';
import { code, dateTime, line, person, type Block, type Inline } from '../../model/message.ts';
import { checkName } from '../../model/outcome.ts';
import { scheduleText } from './job-view.ts';

const maxGoalLength = 200;

/** What is different between a job and itself after an edit, a line each: `budget: $5 → none`. */
export function renderJobChanges(before: Job, after: Job): Block[] {
  const pairs: [label: string, of: (job: Job) => unknown, text: (job: Job) => Inline][] = [
    ['name', (job) => job.name, (job) => code(job.name)],
    ['goal', (job) => job.goal, (job) => code(cut(job.goal.replaceAll(/\s+/g, ' '), maxGoalLength))],
    ['project', (job) => job.project, (job) => code(job.project)],
    ['when', (job) => job.schedule, scheduleText],
    ['owner', (job) => job.owner, (job) => person(job.owner)],
  ];
  const settings: typeof pairs = [
    ['timeout', (job) => job.settings.timeoutMs, (job) => formatDuration(job.settings.timeoutMs)],
    ['retries', (job) => job.settings.retries, (job) => String(job.settings.retries)],
    ['budget', (job) => job.settings.budgetUsd, (job) => budgetText(job)],
    ['model', (job) => job.settings.model, ({ settings: { model } }) => (model === undefined ? 'none' : code(model))],
    ['notify', (job) => job.settings.notify, (job) => job.settings.notify],
    ['overlap', (job) => job.settings.overlap, (job) => job.settings.overlap],
    ['catch-up', (job) => job.settings.catchUp, (job) => job.settings.catchUp],
    ['catch-up within', (job) => job.settings.catchUpWithinMs, (job) => formatDuration(job.settings.catchUpWithinMs)],
  ];
  const lines = ([label, of, text]: (typeof pairs)[number]): Block[] =>
    isDeepStrictEqual(of(before), of(after)) ? [] : [line(`${label}: `, text(before), ' → ', text(after))];
  return [...pairs.flatMap(lines), ...checkLines(before.checks, after.checks), ...settings.flatMap(lines)].map(
    (block) => withStart(block, before, after),
  );
}

/** Two schedules can read alike and begin at another instant: an interval that is counted anew. */
function withStart(block: Block, before: Job, after: Job): Block {
  const isWhen = block.kind === 'line' && block.content[0] === 'when: ';
  const from = after.schedule?.kind === 'interval' ? after.schedule.fromMs : undefined;
  if (!isWhen || from === undefined || scheduleText(before) !== scheduleText(after)) return block;
  return line(...block.content, ' from ', dateTime(new Date(from)));
}

const budgetText = ({ settings: { budgetUsd } }: Job): string => (budgetUsd === undefined ? 'none' : `$${budgetUsd}`);

function checkLines(before: readonly Check[], after: readonly Check[]): Block[] {
  const missingIn = (others: readonly Check[]) => (check: Check) =>
    !others.some((other) => isDeepStrictEqual(check, other));
  return [
    ...before.filter(missingIn(after)).map((check) => line('check dropped: ', checkName(check))),
    ...after.filter(missingIn(before)).map((check) => line('check added: ', checkName(check))),
  ];
}
