import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { nextOccurrence } from '../../../src/model/schedule/next-occurrence.ts';
import {
  findTransitions,
  instantsOf,
  type Matches,
  onceEach,
  readWindow,
  type ShownMinute,
} from './wall-clock-oracle.ts';

const dayMs = 86_400_000;
const firstMs = Date.UTC(2024, 0, 1);
const lastMs = Date.UTC(2031, 0, 1);

/** The zones, with how often each changes its clock from 2024 to 2030. */
const zones: [zone: string, transitions: number][] = [
  ['America/New_York', 14],
  ['Europe/London', 14],
  ['Australia/Lord_Howe', 14],
  ['Africa/Cairo', 14],
  ['Antarctica/Troll', 14],
  ['America/Sao_Paulo', 0],
  ['Pacific/Apia', 0],
  ['Asia/Kolkata', 0],
  ['UTC', 0],
];

const isLastOfItsKind = ({ year, month, day }: ShownMinute) =>
  day + 7 > new Date(Date.UTC(year, month, 0)).getUTCDate();

/** What each expression means, said once more in code. */
const fixedTimes: [expression: string, matches: Matches][] = [
  ['0 0 * * *', ({ hour, minute }) => hour === 0 && minute === 0],
  ['30 0 * * *', ({ hour, minute }) => hour === 0 && minute === 30],
  ['30 1 * * *', ({ hour, minute }) => hour === 1 && minute === 30],
  ['0 2 * * *', ({ hour, minute }) => hour === 2 && minute === 0],
  ['15 2 * * *', ({ hour, minute }) => hour === 2 && minute === 15],
  ['30 2 * * 0', ({ hour, minute, weekday }) => hour === 2 && minute === 30 && weekday === 0],
  ['45 2 * * 7', ({ hour, minute, weekday }) => hour === 2 && minute === 45 && weekday === 0],
  ['0 3 * * *', ({ hour, minute }) => hour === 3 && minute === 0],
  ['30 23 * * 4', ({ hour, minute, weekday }) => hour === 23 && minute === 30 && weekday === 4],
  ['0 0 * * fri', ({ hour, minute, weekday }) => hour === 0 && minute === 0 && weekday === 5],
  ['0,15,30 1-3 * * *', ({ hour, minute }) => hour >= 1 && hour <= 3 && minute <= 30 && minute % 15 === 0],
  ['0-59 0-23 * * *', () => true],
  [
    '30 1 25-31 3,10 *',
    ({ hour, minute, day, month }) => hour === 1 && minute === 30 && day >= 25 && (month === 3 || month === 10),
  ],
  [
    '30 2 8 3,11 sun',
    ({ hour, minute, day, month, weekday }) =>
      hour === 2 && minute === 30 && (month === 3 || month === 11) && (day === 8 || weekday === 0),
  ],
  ['30 1 * * 0L', (shown) => shown.hour === 1 && shown.minute === 30 && shown.weekday === 0 && isLastOfItsKind(shown)],
  ['0 2 * * 0#1', ({ hour, minute, weekday, day }) => hour === 2 && minute === 0 && weekday === 0 && day <= 7],
];

const wildcards: [expression: string, matches: Matches][] = [
  ['* * * * *', () => true],
  ['0 * * * *', ({ minute }) => minute === 0],
  ['30 * * * *', ({ minute }) => minute === 30],
  ['*/20 * * * *', ({ minute }) => minute % 20 === 0],
  ['* 2 * * *', ({ hour }) => hour === 2],
  ['*/15 1-2 * * *', ({ hour, minute }) => (hour === 1 || hour === 2) && minute % 15 === 0],
  ['0 */2 * * *', ({ hour, minute }) => minute === 0 && hour % 2 === 0],
  ['45 1-23/2 * * *', ({ hour, minute }) => minute === 45 && hour % 2 === 1],
  ['10/25 0,23 * * *', ({ hour, minute }) => (hour === 0 || hour === 23) && (minute === 10 || minute === 35)],
  ['30 * * * sun', ({ minute, weekday }) => minute === 30 && weekday === 0],
];

/** The days around each transition, and around a few ordinary days: every minute, and every wall-clock time once. */
interface Stretch {
  shown: ShownMinute[];
  times: ShownMinute[];
}
interface Zone {
  transitions: number;
  stretches: Stretch[];
}
const known = new Map<string, Zone>();

/** A zone's clock is read once, by the first test that asks for it: nine of them are too much for one. */
function zoneOf(zone: string): Zone {
  const before = known.get(zone);
  if (before !== undefined) return before;
  const transitions = findTransitions(zone, firstMs, lastMs);
  const ordinary = [Date.UTC(2024, 1, 29), Date.UTC(2027, 11, 31, 20), Date.UTC(2030, 5, 30, 9)];
  const windows = [...transitions, ...ordinary].map((at) => readWindow(zone, at - 1.5 * dayMs, at + 1.5 * dayMs));
  const stretches = windows.map((shown) => ({ shown, times: onceEach(shown) }));
  const read = { transitions: transitions.length, stretches };
  known.set(zone, read);
  return read;
}

function occurrencesIn(expression: string, zone: string, { shown }: Stretch): string[] {
  const due: string[] = [];
  let at = nextOccurrence({ kind: 'cron', expression, zone }, new Date(shown[0]!.utcMs - 1));
  while (at !== undefined && at.getTime() <= shown.at(-1)!.utcMs) {
    due.push(at.toISOString());
    at = nextOccurrence({ kind: 'cron', expression, zone }, at);
  }
  return due;
}

describe.each(zones)('in %s', (zone, transitions) => {
  test(`the oracle sees ${transitions} transitions in seven years`, () => {
    expect(zoneOf(zone).transitions).toBe(transitions);
  });

  test.each(fixedTimes)('`%s` is due once for each local time that matches', (expression, matches) => {
    for (const stretch of zoneOf(zone).stretches) {
      expect(occurrencesIn(expression, zone, stretch)).toEqual(instantsOf(stretch.times, matches));
    }
  });

  test.each(wildcards)('`%s` is due at every instant that matches', (expression, matches) => {
    for (const stretch of zoneOf(zone).stretches) {
      expect(occurrencesIn(expression, zone, stretch)).toEqual(instantsOf(stretch.shown, matches));
    }
  });
});

test('any times on any weekdays agree with the oracle around any transition', () => {
  const values = (min: number, max: number) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 });
  const changing = zones.filter(([, transitions]) => transitions > 0).map(([zone]) => zone);
  const schedules = fc.record({
    zone: fc.constantFrom(...changing),
    transition: fc.nat(13),
    minutes: values(0, 59),
    hours: values(0, 23),
    weekdays: values(0, 6),
    isWildcard: fc.boolean(),
  });
  fc.assert(
    fc.property(schedules, ({ zone, transition, minutes, hours, weekdays, isWildcard }) => {
      const stretch = zoneOf(zone).stretches[transition]!;
      // A step within one minute changes nothing but the rule.
      const minuteField = isWildcard ? minutes.map((minute) => `${minute}-${minute}/1`).join(',') : minutes.join(',');
      const expression = `${minuteField} ${hours.join(',')} * * ${weekdays.join(',')}`;
      const matches: Matches = ({ minute, hour, weekday }) =>
        minutes.includes(minute) && hours.includes(hour) && weekdays.includes(weekday);
      const due = instantsOf(isWildcard ? stretch.shown : stretch.times, matches);
      expect(occurrencesIn(expression, zone, stretch)).toEqual(due);
    }),
    { numRuns: 300 },
  );
});
