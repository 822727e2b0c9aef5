import type { Duration, Lexeme, Unit } from './lexeme.ts';
import { Refusal } from './refusal.ts';
import { hourMs, minuteMs } from './zone-offsets.ts';

const compactUnits = new Map<string, Unit>(
  Object.entries({
    w: 'week',
    d: 'day',
    h: 'hour',
    hr: 'hour',
    hrs: 'hour',
    m: 'minute',
    min: 'minute',
    mins: 'minute',
    s: 'second',
    sec: 'second',
    secs: 'second',
  }),
);
const unitMs = { second: 1_000, minute: minuteMs, hour: hourMs };
const unitDays = { day: 1, night: 1, week: 7 };

/** `2h`, `1h30m`, `20min`; `undefined` for a word that is no duration. */
export function readCompactDuration(word: string): Lexeme | undefined {
  const parts = [...word.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== word) return undefined;
  let duration: Duration = { days: 0, ms: 0 };
  for (const [, amount, name = ''] of parts) {
    const unit = compactUnits.get(name);
    if (unit === undefined) return undefined;
    duration = addDurations(duration, durationOf(Number(amount), unit));
  }
  return { kind: 'duration', duration };
}

/** So many of a unit. Parts of days count as hours. Throws a `Refusal` for units that differ in length, and more than can be counted. */
export function durationOf(amount: number, unit: Unit): Duration {
  if (!Number.isFinite(amount)) throw new Refusal('the number is too long');
  if (unit === 'month' || unit === 'year') {
    throw new Refusal(
      `${unit}s differ in length; count days or weeks, or name a date or a day such as \`1st of the month at 9am\``,
    );
  }
  if (unit === 'second' || unit === 'minute' || unit === 'hour')
    return { days: 0, ms: Math.round(amount * unitMs[unit]) };
  const days = amount * unitDays[unit];
  return { days: Math.floor(days), ms: Math.round((days % 1) * 24 * hourMs) };
}

export function addDurations(one: Duration, other: Duration): Duration {
  return { days: one.days + other.days, ms: one.ms + other.ms };
}
