import type { Streak } from '../../db/occurrences.ts';
import { bold, dateTime, line, type Inline, type Message } from '../../model/message.ts';
import { dotted } from './run-facts.ts';

export interface Skipped {
  dueAt: Date;
  why: string;
  /** All that were skipped in a row, the last one included. */
  streak: Streak;
  next: Date | undefined;
}

/** In the channel, when an occurrence did not run for what its job was doing. */
export function renderSkipped(jobName: string, { dueAt, why, streak, next }: Skipped): Message {
  const newest = line('⏭️ ', bold(jobName), ' skipped ', dateTime(dueAt), `: ${why}.`, ...nextText(next));
  return streak.count < 2 ? [newest] : [newest, line(`${countText(streak)} skipped in a row: `, ...slots(streak), '.')];
}

export interface Missed {
  /** All that were missed in a row; none where everything late is run. */
  streak: Streak;
  /** Late ones that are run. */
  caught: readonly Date[];
  /** `nightdesk was not running` */
  why: string;
  next: Date | undefined;
}

/** In the channel, when occurrences fell due while the host was down, or nothing could be written. */
export function renderMissed(jobName: string, { streak, caught, why, next }: Missed): Message {
  const name: Inline[] = ['⏭️ ', bold(jobName)];
  const missed = streak.count === 0 ? [] : [...missedText(streak)];
  if (caught.length === 0) {
    return [line(...name, ' missed ', ...missed, `: ${why}.`, ...nextText(next))];
  }
  const also = missed.length === 0 ? [] : [' It missed ', ...missed, '.'];
  const [only] = caught;
  if (caught.length === 1 && only !== undefined) {
    const what = ` while ${why}; its run is in the queue.`;
    return [line(...name, ' was due ', dateTime(only), what, ...also)];
  }
  const times = dotted(...caught.map((dueAt) => [dateTime(dueAt)]));
  const what = `was due ${caught.length} times while ${why}; the runs are in the queue, one after the other: `;
  return [line(...name, ` ${what}`, ...times, '.', ...also)];
}

const nextText = (next: Date | undefined): Inline[] => (next === undefined ? [] : [' Next: ', dateTime(next), '.']);

function missedText(streak: Streak): Inline[] {
  const { count, newest } = streak;
  if (count === 1) return newest.map(dateTime);
  return [`${countText(streak)} occurrences: `, ...slots(streak)];
}

/** The newest of them, and since when where they are more than that. */
function slots({ count, first, newest }: Streak): Inline[] {
  const times = dotted(...newest.map((dueAt) => [dateTime(dueAt)]));
  return count <= newest.length || first === undefined ? times : [...times, ', the first ', dateTime(first)];
}

const countText = ({ count }: Streak): string => count.toLocaleString('en');
