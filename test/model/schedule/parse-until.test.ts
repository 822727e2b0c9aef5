import { expect, test } from 'vitest';

import { parseUntil } from '../../../src/model/schedule/parse-until.ts';
import { UserError } from '../../../src/model/user-error.ts';

/** A Sunday, 09:30:17 in Berlin. */
const now = new Date('2026-11-22T08:30:17Z');
const read = (words: string) => parseUntil(words, { now, zone: 'Europe/Berlin' });

test.each([
  ['monday 9am', '2026-11-23T08:00:00.000Z'],
  ['until monday at 9am', '2026-11-23T08:00:00.000Z'],
  ['tomorrow', '2026-11-22T23:00:00.000Z'],
  ['until friday', '2026-11-26T23:00:00.000Z'],
  ['sunday', '2026-11-28T23:00:00.000Z'],
  ['2026-12-01', '2026-11-30T23:00:00.000Z'],
  ['24 dec at noon', '2026-12-24T11:00:00.000Z'],
  ['noon', '2026-11-22T11:00:00.000Z'],
  ['tonight at 8pm', '2026-11-22T19:00:00.000Z'],
  ['for 3 days', '2026-11-25T08:30:17.000Z'],
  ['for a week', '2026-11-29T08:30:17.000Z'],
  ['2h', '2026-11-22T10:30:17.000Z'],
  ['in 2 hours', '2026-11-22T10:30:17.000Z'],
  ['monday at 9am in New York', '2026-11-23T14:00:00.000Z'],
])('`%s` is %s', (words, instant) => {
  expect(read(words).toISOString()).toBe(instant);
});

test('three days over a change of the clock end at the same time of day', () => {
  const before = new Date('2027-03-27T08:00:00Z');
  expect(parseUntil('3 days', { now: before, zone: 'Europe/Berlin' }).toISOString()).toBe('2027-03-30T07:00:00.000Z');
});

test.each([
  ['weekdays', 'it is more than one moment'],
  ['every 6 hours', 'it is more than one moment'],
  ['now', 'it is not ahead'],
  ['0 hours', 'it is not ahead'],
  ['today at 7am', 'it lies in the past'],
  ['tonight', 'Did you mean `tonight at 8pm`?'],
  ['next monday', 'Did you mean `2026-11-23 at 00:00` or `2026-11-30 at 00:00`?'],
  ['mondya 9am', 'Did you mean `monday at 9am`?'],
  ['further notice', 'Write it like `monday at 9am`, `tomorrow`, `3 days`, `2026-12-24`.'],
  ['tomorrow in Berln', 'Did you mean `Europe/Berlin`?'],
])('`%s` is refused: %s', (words, message) => {
  expect(() => read(words)).toThrow(UserError);
  expect(() => read(words)).toThrow(message);
});
