import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { describeSchedule } from '../../../src/model/schedule/describe-schedule.ts';
import { nextOccurrence } from '../../../src/model/schedule/next-occurrence.ts';
import type { Schedule } from '../../../src/model/schedule/schedule.ts';
import { readSentence } from './sentence-reader.ts';

const zone = 'Europe/Berlin';

test.each([
  ['0 2 * * *', 'every day at 02:00 Berlin'],
  ['0 2 * * 1-5', 'weekdays at 02:00 Berlin'],
  ['0 12 * * 0,6', 'weekends at 12:00 Berlin'],
  ['0 18 * * 1,4', 'Mondays and Thursdays at 18:00 Berlin'],
  ['0 18 * * 5-7', 'Fridays to Sundays at 18:00 Berlin'],
  ['0 9,17 * * *', 'every day at 09:00 and 17:00 Berlin'],
  ['0 9 * * 1#1', 'first Monday of the month at 09:00 Berlin'],
  ['0 9 * * 1#1,1#3', 'first Monday and third Monday of the month at 09:00 Berlin'],
  ['0 17 * * 5L', 'last Friday of the month at 17:00 Berlin'],
  ['0 9 * 1,7 1#1', 'first Monday of January and July at 09:00 Berlin'],
  ['0 9 * * 1#5', 'fifth Monday of the month, where there is one, at 09:00 Berlin'],
  ['0 9 1 * *', '1st of the month at 09:00 Berlin'],
  ['0 9 1,2,3,11,12,13 * *', '1st, 2nd, 3rd, 11th, 12th and 13th of the month at 09:00 Berlin'],
  ['0 9 1-7 * *', '1st to 7th of the month at 09:00 Berlin'],
  ['0 9 31 * *', '31st of the month, where there is one, at 09:00 Berlin'],
  ['0 9 31 1,3 *', '31st of January and March at 09:00 Berlin'],
  ['0 9 15,L * *', '15th and last day of the month at 09:00 Berlin'],
  ['0 9 * 12 *', 'every day in December at 09:00 Berlin'],
  ['0 9 * 6-8 1', 'Mondays in June to August at 09:00 Berlin'],
  ['0 9 13 * 5', '13th of the month and Fridays at 09:00 Berlin'],
  ['* * * * *', 'every minute, Berlin'],
  ['*/15 * * * *', 'every 15 minutes, Berlin'],
  ['*/15 9-17 * * 1-5', 'weekdays every 15 minutes from 09:00 to 17:45 Berlin'],
  ['0 * * * *', 'every hour on the hour, Berlin'],
  ['5/20 * * * *', 'every hour at :05, :25 and :45 Berlin'],
  ['0 */6 * * *', 'every day at 00:00, 06:00, 12:00 and 18:00 Berlin'],
  ['30 9-17 * * 1-5', 'weekdays every hour from 09:30 to 17:30 Berlin'],
  ['0 */2 * * 1', 'Mondays every 2 hours from 00:00 to 22:00 Berlin'],
  ['*/7 * * * *', 'cron */7 * * * * (Berlin)'],
  ['0 0 */2 * 1', 'cron 0 0 */2 * 1 (Berlin)'],
  ['0 0 13 1-6 5', 'cron 0 0 13 1-6 5 (Berlin)'],
])('`%s` is "%s"', (expression, sentence) => {
  expect(describeSchedule({ kind: 'cron', expression, zone })).toBe(sentence);
});

test.each<[minutes: number, sentence: string]>([
  [1, 'every 1 minute'],
  [90, 'every 90 minutes'],
  [360, 'every 6 hours'],
  [1_440, 'every 24 hours'],
  [4_320, 'every 3 days'],
  [1.5, 'every 90 seconds'],
])('an interval of %s minutes is "%s"', (minutes, sentence) => {
  expect(describeSchedule({ kind: 'interval', everyMs: minutes * 60_000, fromMs: 0, zone })).toBe(sentence);
});

test.each([
  ['2026-11-24T01:00:00Z', zone, 'once, Tue 24 Nov 2026 at 02:00 Berlin'],
  ['2026-11-24T01:00:17Z', zone, 'once, Tue 24 Nov 2026 at 02:00:17 Berlin'],
  ['2026-11-24T01:00:00Z', 'America/New_York', 'once, Mon 23 Nov 2026 at 20:00 New York'],
  ['2026-10-25T00:30:00Z', zone, 'once, Sun 25 Oct 2026 at 02:30 Berlin (UTC+02:00)'],
  ['2026-10-25T01:30:00Z', zone, 'once, Sun 25 Oct 2026 at 02:30 Berlin (UTC+01:00)'],
])('once at %s in %s is "%s"', (instant, zone, sentence) => {
  expect(describeSchedule({ kind: 'once', atMs: Date.parse(instant), zone })).toBe(sentence);
});

test('what the words say is what the matcher does', () => {
  const values = (min: number, max: number, maxLength: number) =>
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength }).map((list) => list.join(','));
  const range = (min: number, max: number) =>
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const star = fc.constant('*');
  const step = (...steps: number[]) => fc.constantFrom(...steps.map((value) => `*/${value}`));
  const expressions = fc
    .tuple(
      fc.oneof(values(0, 59, 3), star, step(1, 2, 5, 7, 10, 15, 20, 30), fc.constantFrom('0', '5/20')),
      fc.oneof(values(0, 23, 3), range(0, 23), star, step(2, 5, 6)),
      fc.oneof(star, star, values(1, 31, 4), range(1, 31), step(2), fc.constantFrom('L', '15,L')),
      fc.oneof(star, star, values(1, 12, 3), range(1, 12)),
      fc.oneof(
        star,
        star,
        values(0, 7, 4),
        range(0, 7),
        fc.constantFrom('1-5', '6,0', '1#1', '5L', '2#2,4#5', '1,3#1'),
      ),
    )
    .map((fields) => fields.join(' '));
  const days = 45;
  let inWords = 0;
  fc.assert(
    fc.property(expressions, fc.integer({ min: 0, max: 1_400 }), (expression, startDay) => {
      const schedule: Schedule = { kind: 'cron', expression, zone: 'UTC' };
      const sentence = describeSchedule(schedule);
      if (sentence === `cron ${expression} (UTC)`) return;
      inWords += 1;
      const startMs = Date.UTC(2026, 0, 1 + startDay);
      const endMs = startMs + days * 86_400_000;
      let due = nextOccurrence(schedule, new Date(startMs - 1));
      for (const atMs of [...readSentence(sentence)(startMs, days), endMs]) {
        const isDue = atMs === endMs ? due === undefined || due.getTime() >= endMs : due?.getTime() === atMs;
        if (!isDue) throw new Error(`"${sentence}" for ${expression} at ${new Date(atMs).toISOString()}`);
        if (atMs < endMs) due = nextOccurrence(schedule, new Date(atMs));
      }
    }),
    { numRuns: 250 },
  );
  expect(inWords).toBeGreaterThan(80);
});
