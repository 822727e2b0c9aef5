import { expect, test } from 'vitest';

import { findLimitReset } from '../../src/model/limit-reset.ts';

// A Monday.
const now = new Date('2026-11-23T12:00:00Z');

test.each([
  ["You've hit your session limit · resets 3:45pm", '2026-11-23T15:45:00.000Z'],
  ["You've hit your session limit · resets 3am", '2026-11-24T03:00:00.000Z'],
  ['resets 12:00am', '2026-11-24T00:00:00.000Z'],
  ['resets 12pm', '2026-11-24T12:00:00.000Z'],
  ["You've hit your weekly limit · resets Mon 12:00am", '2026-11-30T00:00:00.000Z'],
  ['weekly limit · resets Wed 9am (Europe/Berlin)', '2026-11-25T08:00:00.000Z'],
  ['resets 3:45pm (America/New_York)', '2026-11-23T20:45:00.000Z'],
  ['resets 3:45pm (Middle/Earth)', '2026-11-23T15:45:00.000Z'],
  ['no time at all', undefined],
])('%s', (text, expected) => {
  expect(findLimitReset(text, now, 'UTC')?.toISOString()).toBe(expected);
});
