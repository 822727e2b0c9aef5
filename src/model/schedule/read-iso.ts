import type { Lexeme } from './lexeme.ts';
import { Refusal } from './refusal.ts';

const isoDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const isoDateTime = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(z|[+-]\d{2}:\d{2})$/;

/** `2026-11-24`, or an instant with an offset; `undefined` for any other word. Throws a `Refusal` for 30 February. */
export function readIsoWord(word: string): Lexeme | undefined {
  const [, year, month, day] = isoDate.exec(word) ?? [];
  if (year !== undefined) {
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    if (!isOnCalendar(date)) throw new Refusal(`there is no day \`${word}\``);
    return { kind: 'date', date };
  }
  if (!isoDateTime.test(word)) return undefined;
  const atMs = Date.parse(word.toUpperCase());
  const hasDay = readIsoWord(word.slice(0, 10)) !== undefined;
  if (!hasDay || Number.isNaN(atMs)) throw new Refusal(`\`${word.toUpperCase()}\` is no instant`);
  return { kind: 'instant', atMs };
}

/** Whether a month has that day; without a year 29 February counts. */
export function isOnCalendar({
  year = 2024,
  month,
  day,
}: {
  year?: number | undefined;
  month: number;
  day: number;
}): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
