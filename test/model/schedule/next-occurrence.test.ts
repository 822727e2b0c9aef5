import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';

import { nextOccurrence, nextOccurrences } from '../../../src/model/schedule/next-occurrence.ts';
import type { Schedule } from '../../../src/model/schedule/schedule.ts';
import { fromLocalMs, toLocalMs } from '../../../src/model/schedule/zone-offsets.ts';

const cron = (expression: string, zone = 'UTC'): Schedule => ({ kind: 'cron', expression, zone });
const after = (schedule: Schedule, from: string, count: number) =>
  nextOccurrences(schedule, new Date(from), count).map((at) => at.toISOString().replace(':00.000Z', 'Z'));

describe('once', () => {
  const schedule: Schedule = { kind: 'once', atMs: Date.parse('2026-11-24T01:00:00Z'), zone: 'Europe/Berlin' };

  test('comes once, strictly after the instant that is asked for', () => {
    expect(after(schedule, '2026-11-24T00:59:59.999Z', 3)).toEqual(['2026-11-24T01:00Z']);
    expect(nextOccurrence(schedule, new Date('2026-11-24T01:00:00Z'))).toBeUndefined();
  });
});

describe('an interval', () => {
  const fromMs = Date.parse('2026-11-22T08:00:00Z');
  const schedule: Schedule = { kind: 'interval', everyMs: 6 * 3_600_000, fromMs, zone: 'Europe/Berlin' };

  test('begins with its planned start', () => {
    expect(after(schedule, '2020-01-01T00:00:00Z', 2)).toEqual(['2026-11-22T08:00Z', '2026-11-22T14:00Z']);
  });

  test('is counted from that start, however late one asks', () => {
    expect(after(schedule, '2026-11-22T08:00:00Z', 1)).toEqual(['2026-11-22T14:00Z']);
    expect(after(schedule, '2026-12-01T03:17:23Z', 2)).toEqual(['2026-12-01T08:00Z', '2026-12-01T14:00Z']);
  });
});

describe('cron', () => {
  test.each([
    [
      'a day of the month that some months lack',
      '0 0 31 * *',
      ['2026-12-31T00:00Z', '2027-01-31T00:00Z', '2027-03-31T00:00Z'],
    ],
    ['the last day of the month', '0 0 L * *', ['2026-12-31T00:00Z', '2027-01-31T00:00Z', '2027-02-28T00:00Z']],
    ['29 February', '0 0 29 2 *', ['2028-02-29T00:00Z', '2032-02-29T00:00Z', '2036-02-29T00:00Z']],
    ['the fifth Monday', '0 9 * * 1#5', ['2027-03-29T09:00Z', '2027-05-31T09:00Z', '2027-08-30T09:00Z']],
    ['the last Friday', '0 9 * * 5L', ['2026-12-25T09:00Z', '2027-01-29T09:00Z', '2027-02-26T09:00Z']],
    [
      'a day or a weekday, where both are restricted',
      '0 0 13 * 5',
      ['2026-12-04T00:00Z', '2026-12-11T00:00Z', '2026-12-13T00:00Z'],
    ],
    [
      'a day that is that weekday too, where one begins with a star',
      '0 0 */2 * 5',
      ['2026-12-11T00:00Z', '2026-12-25T00:00Z', '2027-01-01T00:00Z'],
    ],
    ['Sunday as 7', '0 0 * * 7', ['2026-12-06T00:00Z', '2026-12-13T00:00Z', '2026-12-20T00:00Z']],
    [
      'a range of names over the end of the week',
      '0 0 * * sat-sun',
      ['2026-12-05T00:00Z', '2026-12-06T00:00Z', '2026-12-12T00:00Z'],
    ],
    ['months by name', '0 0 1 mar,oct *', ['2027-03-01T00:00Z', '2027-10-01T00:00Z', '2028-03-01T00:00Z']],
    ['lists, ranges and steps', '0,50-55/5 23 1 1 *', ['2027-01-01T23:00Z', '2027-01-01T23:50Z', '2027-01-01T23:55Z']],
    ['a step from a value on', '20/20 5 1 1 *', ['2027-01-01T05:20Z', '2027-01-01T05:40Z', '2028-01-01T05:20Z']],
  ])('%s: `%s`', (_, expression, instants) => {
    expect(after(cron(expression), '2026-11-30T12:00:00Z', 3)).toEqual(instants);
  });

  test('the rarest day is found: 29 February on a Monday, over a century year without one', () => {
    expect(after(cron('0 0 * 2 1#5'), '2072-03-01T00:00:00Z', 1)).toEqual(['2112-02-29T00:00Z']);
  });

  test('what never comes is given up', () => {
    expect(nextOccurrence(cron('0 0 30 2 *', 'America/New_York'), new Date('2026-11-22T00:00:00Z'))).toBeUndefined();
    expect(nextOccurrence(cron('* * 31 4,6,9,11 *'), new Date('2026-11-22T00:00:00Z'))).toBeUndefined();
  });

  test('the second pass of a repeated hour is not left out where the next date is far away', () => {
    // 1 November 2026 in New York: the clock goes from 02:00 EDT back to 01:00 EST.
    expect(after(cron('*/30 1 1 11 *', 'America/New_York'), '2026-11-01T05:29:00Z', 4)).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-01T06:00Z',
      '2026-11-01T06:30Z',
      '2027-11-01T05:00Z',
    ]);
  });

  test('a time that a gap moves past another one keeps the order of the instants', () => {
    // Nuuk goes from 23:00 on Saturday to Sunday, so Saturday 23:45 comes after Sunday 00:15.
    expect(after(cron('15,45 0,23 * * *', 'America/Nuuk'), '2027-03-27T12:00:00Z', 5)).toEqual([
      '2027-03-28T01:15Z',
      '2027-03-28T01:45Z',
      '2027-03-29T00:15Z',
      '2027-03-29T00:45Z',
      '2027-03-29T01:15Z',
    ]);
  });

  test('a day that a zone skipped is made up for a day later, once', () => {
    // Samoa went from 29 to 31 December 2011.
    expect(after(cron('0 9 * * *', 'Pacific/Apia'), '2011-12-29T12:00:00Z', 3)).toEqual([
      '2011-12-29T19:00Z',
      '2011-12-30T19:00Z',
      '2011-12-31T19:00Z',
    ]);
  });
});

test('a local time means the same instant as Temporal’s "compatible"', () => {
  const zones = [
    'America/New_York',
    'Australia/Lord_Howe',
    'Antarctica/Troll',
    'America/Nuuk',
    'Asia/Gaza',
    'Pacific/Kiritimati',
  ];
  const inDays = fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2031, 0) / 60_000 });
  const nearTransitions = fc.tuple(
    fc.integer({ min: 2024, max: 2030 }),
    fc.constantFrom(2, 3, 9, 10),
    fc.nat(31 * 1_440),
  );
  const minutes = fc.oneof(
    inDays,
    nearTransitions.map(([year, month, minute]) => Date.UTC(year, month) / 60_000 + minute),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), minutes, (zone, minute) => {
      const localMs = minute * 60_000;
      const local = Temporal.PlainDateTime.from(new Date(localMs).toISOString().slice(0, -1));
      const expected = local.toZonedDateTime(zone, { disambiguation: 'compatible' });
      expect(fromLocalMs(zone, localMs)).toBe(expected.epochMilliseconds);
      expect(toLocalMs(zone, expected.epochMilliseconds) - expected.epochMilliseconds).toBe(
        expected.offsetNanoseconds / 1e6,
      );
    }),
    { numRuns: 2_000 },
  );
});

test('asked from any instant, the next occurrence is the first one of the list after it', () => {
  const schedule = cron('*/7 1-3,22 */3 * *', 'Europe/London');
  const start = new Date('2027-03-20T00:00:00Z');
  const all = nextOccurrences(schedule, start, 400).map((at) => at.getTime());
  fc.assert(
    fc.property(fc.integer({ min: start.getTime(), max: all.at(-1)! - 1 }), (fromMs) => {
      expect(nextOccurrence(schedule, new Date(fromMs))?.getTime()).toBe(all.find((at) => at > fromMs));
    }),
  );
});
