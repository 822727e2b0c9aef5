import { explainSchedule, renderExplanation } from '../model/schedule/explain-schedule.ts';
import { UserError } from '../model/user-error.ts';

export interface WhenOptions {
  zone?: string;
  from?: string;
  count: string;
  json?: true;
}

const maxCount = 1_000;

/** Prints what the words of a schedule mean. Throws a `UserError` for words or options that can't be read. */
export function printSchedule(words: string, options: WhenOptions): void {
  const count = Number(options.count);
  if (!/^\d{1,4}$/.test(options.count) || count < 1 || count > maxCount) {
    throw new UserError(`I can't read \`--count ${options.count}\`. It is a whole number from 1 to ${maxCount}: 5.`);
  }
  const explanation = explainSchedule(words, {
    now: readInstant(options.from),
    zone: options.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    count,
  });
  process.stdout.write(
    options.json ? `${JSON.stringify(explanation, null, 2)}\n` : `${renderExplanation(explanation)}\n`,
  );
}

/** Of the four-digit years, so that what comes after it has a date too. */
const isoInstant = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

function readInstant(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(isoInstant.test(text) ? text : NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new UserError(`I can't read \`--from ${text}\`. It is an instant in ISO 8601: 2026-11-22T09:00:00Z.`);
}
