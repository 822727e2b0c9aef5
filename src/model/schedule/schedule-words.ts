import { parseCronExpression } from './cron-expression.ts';
import { describeCron } from './describe-cron.ts';
import { describeSchedule } from './describe-schedule.ts';
import { parseSchedule } from './parse-schedule.ts';
import type { Schedule } from './schedule.ts';
import { toLocalMs } from './zone-offsets.ts';

/**
 * Words for a field that a person goes on with: `parseSchedule` reads them with the schedule's zone. Those of `once` leave out
 * the seconds, and an interval that is read anew counts from then.
 */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'once') {
    const local = new Date(toLocalMs(schedule.zone, schedule.atMs)).toISOString();
    return local.slice(0, 16);
  }
  if (schedule.kind === 'interval') return describeSchedule(schedule);
  const words = describeCron(parseCronExpression(schedule.expression));
  return words !== undefined && meansTheSame(words, schedule) ? words : schedule.expression;
}

function meansTheSame(words: string, schedule: Schedule & { kind: 'cron' }): boolean {
  try {
    const read = parseSchedule(words, { now: new Date(0), zone: schedule.zone });
    return read.kind === 'cron' && read.expression === schedule.expression;
  } catch {
    // Not everything that is said can be read: the expression stands for itself.
    return false;
  }
}
