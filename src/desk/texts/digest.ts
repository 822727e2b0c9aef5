import type { Hold } from '../../db/holds.ts';
import type { NotRun } from '../../db/occurrences.ts';
import type { Run } from '../../db/runs.ts';
import { formatDuration } from '../../model/duration.ts';
import { bold, dateTime, line, link, type Block, type Inline, type Message } from '../../model/message.ts';
import { isFinal, runLabel, type FinalStatus } from '../../model/run.ts';
import { describeInstant } from '../../model/schedule/format-instant.ts';
import { toLocalMs } from '../../model/schedule/zone-offsets.ts';
import { cancellerText } from './canceller-text.ts';
import { clipInlines } from './clip-inlines.ts';
import { renderHoldLine } from './hold-text.ts';
import { amountText, dotted, plural } from './run-facts.ts';
import { statusMarks } from './run-line.ts';
import { waitText } from './wait-text.ts';

export interface DigestFacts {
  from: Date;
  to: Date;
  /** IANA zone in which the day has its name. */
  zone: string;
  /** Runs that ended in that time, and those that have not ended. */
  ended: Run[];
  live: Run[];
  notRun: NotRun[];
  holds: Hold[];
  /** Whether some of the cost is nobody's bill. */
  isSubscription: boolean;
  commandName: string;
  runUrl: (run: Run) => string;
}

type Standing = FinalStatus | 'waiting' | 'running';

/** Worst first: what somebody must look at, what nobody has seen proven, what is well. */
const standings: Standing[] = [
  'failed',
  'timed-out',
  'stalled',
  'lost',
  'waiting',
  'unverified',
  'cancelled',
  'running',
  'succeeded',
];
const maxRunLines = 30;
const maxSkipLines = 10;
const maxReasonLength = 160;

/** One message for a channel: how the night went, then a line a run, worst first. */
export function renderDigest(facts: DigestFacts): Message {
  const runs = [...facts.ended, ...facts.live];
  const sorted = standings.flatMap((standing) => runs.filter((run) => standingOf(run) === standing));
  const rest = sorted.slice(maxRunLines);
  return [
    headline(facts),
    ...facts.holds.map((hold) => renderHoldLine(hold, facts.commandName)),
    ...sorted.slice(0, maxRunLines).map((run) => runLine(run, facts)),
    ...(rest.length === 0 ? [] : [line(`… and ${rest.length} more: `, ...dotted(...counts(rest)))]),
    ...skipLines(facts.notRun),
  ];
}

function headline(facts: DigestFacts): Block {
  const { ended, live, notRun } = facts;
  const title: Inline[] = [bold(titleOf(facts)), ...spanText(facts)];
  const runs = [...ended, ...live];
  if (runs.length + notRun.length === 0) return line(...title, ': no runs. Nothing was due.');
  const costUsd = ended.reduce((sum, run) => sum + run.costUsd, 0);
  const count = (state: NotRun['state']): string | undefined => {
    const sum = notRun.reduce((total, each) => total + (each.state === state ? each.count : 0), 0);
    return sum === 0 ? undefined : `${sum} ${state}`;
  };
  return line(
    ...title,
    ': ',
    ...dotted(
      runs.length === 0 ? 'no runs' : plural(runs.length, 'run'),
      ...counts(runs),
      count('skipped'),
      count('missed'),
      costUsd > 0 ? `${amountText(costUsd)}${facts.isSubscription ? ' at API prices' : ''}` : undefined,
    ),
  );
}

/** `Night to Monday`; later in the day just the day and the time. */
function titleOf({ to, zone }: DigestFacts): string {
  const local = new Date(toLocalMs(zone, to.getTime()));
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(local);
  return local.getUTCHours() < 12 ? `Night to ${weekday}` : `${weekday}, ${describeInstant(to, zone).time}`;
}

const hourMs = 60 * 60_000;

/** Where it is not the usual day (of 23 to 25 hours where clocks change), what time it is about. */
function spanText({ from, to }: DigestFacts): Inline[] {
  const hours = (to.getTime() - from.getTime()) / hourMs;
  return hours > 22.5 && hours < 25.5 ? [] : [' (from ', dateTime(from), ' to ', dateTime(to), ')'];
}

const standingOf = ({ status }: Run): Standing =>
  isFinal(status) ? status : status === 'running' ? 'running' : 'waiting';

function counts(runs: readonly Run[]): string[] {
  return standings.flatMap((standing) => {
    const count = runs.filter((run) => standingOf(run) === standing).length;
    return count === 0 ? [] : [`${count} ${standing === 'timed-out' ? 'timed out' : standing}`];
  });
}

function runLine(run: Run, { runUrl, to }: DigestFacts): Block {
  const mark = isFinal(run.status) ? statusMarks[run.status] : run.status === 'running' ? '⏳' : '🕔';
  const isWaiting = !isFinal(run.status) && run.status !== 'running';
  const took =
    run.startedAt === null || isWaiting
      ? undefined
      : formatDuration((run.endedAt ?? to).getTime() - run.startedAt.getTime());
  const name = [`${mark} `, bold(run.spec.jobName), ' ', link(runUrl(run), runLabel(run.id)), ' '];
  return line(...name, ...dotted(endText(run), took, run.costUsd > 0 ? amountText(run.costUsd) : undefined));
}

function endText(run: Run): Inline[] {
  const reason = clipInlines(run.reason ?? [], maxReasonLength);
  const because = reason.length === 0 ? [] : [': ', ...reason];
  const attempts = run.attemptsUsed > 1 ? ` after ${run.attemptsUsed} attempts` : '';
  switch (run.status) {
    case 'succeeded':
      return [run.attemptsUsed > 1 ? `succeeded on attempt ${run.attemptsUsed}` : 'succeeded'];
    case 'unverified':
      return ['unverified', ...because];
    case 'failed':
      return [`failed${attempts}`, ...because];
    case 'timed-out':
    case 'stalled':
      return attempts === '' && reason.length > 0 ? reason : [`ended${attempts}`, ...because];
    case 'lost':
      return [`is lost${attempts}`, ...because];
    case 'cancelled':
      return ['cancelled', ...(run.cancelledBy === null ? [] : [' by ', cancellerText(run.cancelledBy)])];
    case 'running':
      return ['is still running'];
    case 'queued':
    case 'deferred':
      return ['waits', ...clipInlines(waitText(run), maxReasonLength)];
  }
}

/** A line for each job that had occurrences without a run. */
function skipLines(notRun: readonly NotRun[]): Block[] {
  const byJob = [...Map.groupBy(notRun, (each) => each.jobName)];
  const lines = byJob.slice(0, maxSkipLines).map(([name, parts]) => {
    const what = parts.map((each) => `${each.count} ${each.state}${each.reason === '' ? '' : `: ${each.reason}`}`);
    return line('⏭️ ', bold(name.replace(/~\d+$/, '')), ' ', ...dotted(...what));
  });
  const more = byJob.length - lines.length;
  return more > 0 ? [...lines, line(`… and ${plural(more, 'more job')} with occurrences that did not run.`)] : lines;
}
