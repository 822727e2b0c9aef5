import { expect, test } from 'vitest';

import { parseSchedule } from '../../../src/model/schedule/parse-schedule.ts';
import { scheduleWords } from '../../../src/model/schedule/schedule-words.ts';

const options = { now: new Date('2026-11-23T08:00:00Z'), zone: 'Europe/Berlin' };

test.each([
  ['weekdays at 2am', 'weekdays at 02:00'],
  ['30 7 * * 1-5', 'weekdays at 07:30'],
  ['nightly', 'every day at 02:00'],
  ['first monday of the month at 9am', 'first Monday of the month at 09:00'],
  ['0 0 13 1-6 5', '0 0 13 1-6 5'],
  ['every 6 hours', 'every 6 hours'],
  ['tomorrow at 2am', '2026-11-24T02:00'],
  ['2027-07-01T02:00', '2027-07-01T02:00'],
])('%s is written as %s, which means the same', (given, words) => {
  const schedule = parseSchedule(given, options);
  expect(scheduleWords(schedule)).toBe(words);
  expect(parseSchedule(words, options)).toEqual(schedule);
});
