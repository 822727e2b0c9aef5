import type { Run } from '../../db/runs.ts';
import { formatDuration } from '../../model/duration.ts';
import type { Job } from '../../model/job.ts';
import {
  bold,
  buttons,
  code,
  dateTime,
  line,
  person,
  type Action,
  type ActionKind,
  type Block,
  type Inline,
  type Message,
} from '../../model/message.ts';
import type { Project } from '../../model/project.ts';
import { runLabel } from '../../model/run.ts';
import { describeSchedule } from '../../model/schedule/describe-schedule.ts';
import { nextOccurrences } from '../../model/schedule/next-occurrence.ts';
import { allChecks } from '../all-checks.ts';
import { jobLink } from './page-links.ts';
import { policyTexts } from './policy-text.ts';
import { checkList } from './run-view.ts';
import { dotted, plural, usdText } from './run-facts.ts';

export interface JobFacts {
  now: Date;
  isDeleted: boolean;
  /** A run of it is queued, at work or put off. */
  hasLiveRun: boolean;
  /** An occurrence of it is still to come. */
  isPlanned: boolean;
  latest?: Run | undefined;
}

/** The message of a job: what was scheduled, by whom, when it is due next, and what proves it done. */
export function renderJobView(job: Job, project: Project | undefined, facts: JobFacts): Message {
  if (facts.isDeleted)
    return [line('🗑️ ', bold(job.name.replace(/~\d+$/, '')), ' is deleted. Its runs are still there.')];
  const checks = allChecks(job, project);
  const blocks: (Block | undefined)[] = [
    line(jobLink(job.name), ...ownerText(job), ': ', scheduleText(job)),
    timesLine(job, facts.now),
    line(
      ...dotted(
        ['project ', code(job.project)],
        checks.length === 0 ? undefined : ['checks: ', ...checkList(checks)],
        settingsText(job),
      ),
    ),
    unverifiedLine(checks.length),
    buttons(...jobActions(job, facts)),
  ];
  return blocks.filter((block) => block !== undefined);
}

const ownerText = ({ owner, scheduledBy }: Job): Inline[] =>
  scheduledBy == null || scheduledBy === owner
    ? [' scheduled by ', person(owner)]
    : [' scheduled by ', person(scheduledBy), ', now of ', person(owner)];

/**
 * What can be done to a job now. With a live run it is neither run by hand nor deleted. A pause keeps from it what is to come, which
 * a job that runs on demand may be given.
 */
export function jobActions(job: Job, { hasLiveRun, isPlanned }: Pick<JobFacts, 'hasLiveRun' | 'isPlanned'>): Action[] {
  const isOver = job.schedule !== null && !isPlanned;
  const kinds: (ActionKind | undefined)[] = [
    hasLiveRun ? undefined : 'run',
    job.paused !== null ? 'resume' : isOver ? undefined : 'pause',
    'edit',
    hasLiveRun ? undefined : 'delete',
  ];
  return kinds.filter((kind) => kind !== undefined).map((kind) => ({ kind, target: job.name }));
}

/** `weekdays at 02:00 Berlin`, or that it runs on demand. */
export const scheduleText = (job: Job): string =>
  job.schedule === null ? 'on demand only' : describeSchedule(job.schedule);

function timesLine(job: Job, now: Date): Block | undefined {
  if (job.paused !== null) {
    const until: Inline[] =
      job.paused.until === null ? [' until somebody resumes it'] : [' until ', dateTime(job.paused.until)];
    return line('⏸️ paused', ...until, '.');
  }
  if (job.schedule === null) return line('It has no time: ', code(`run ${job.name}`), ' starts it.');
  const times = nextOccurrences(job.schedule, job.schedule.kind === 'once' ? new Date(now.getTime() - 1) : now, 3);
  if (times.length === 0) return line('Nothing more is due.');
  const [first = now] = times;
  if (job.schedule.kind === 'once' && first <= now) return undefined;
  return line('next, in your time: ', ...times.flatMap((at, index) => [...(index === 0 ? [] : [' · ']), dateTime(at)]));
}

function settingsText({ settings, schedule }: Job): Inline[] {
  return dotted(
    [
      [
        settings.retries === 0 ? '1 attempt' : `up to ${plural(settings.retries + 1, 'attempt')}`,
        `${formatDuration(settings.timeoutMs)} an attempt`,
        ...(settings.budgetUsd === undefined ? [] : [`${usdText(settings.budgetUsd)} in all`]),
      ].join(', '),
    ],
    settings.model === undefined ? undefined : ['model ', code(settings.model)],
    settings.notify === 'failure' ? undefined : settings.notify === 'always' ? 'always notifies' : 'never notifies',
    ...(schedule === null ? [] : policyTexts(settings)),
  );
}

function unverifiedLine(checks: number): Block | undefined {
  return checks > 0
    ? undefined
    : line(
        'Nothing is checked: results will be ',
        code('unverified'),
        '. ',
        code('--accept "$ npm test"'),
        ' would prove them.',
      );
}

/** One line of `list`. */
export function renderJobLine(job: Job, facts: JobFacts): Block {
  const [next] = job.schedule === null ? [] : nextOccurrences(job.schedule, facts.now, 1);
  const due: Inline[] | undefined = job.paused !== null ? ['⏸️ paused'] : next && ['next ', dateTime(next)];
  const last = facts.latest && `last: ${runLabel(facts.latest.id)} ${facts.latest.status}`;
  return line(jobLink(job.name), ' · ', ...dotted(['project ', code(job.project)], scheduleText(job), due, last));
}
