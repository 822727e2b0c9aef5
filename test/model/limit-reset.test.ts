import { expect, test } from 'vitest';

import { findLimitReset } from '../../src/model/limit-reset.ts';

// A Monday.
const now = new Date('2026-11-23T12:00:00Z');

test.each([
  ["You've hit your session limit · resets 3:45pm", '2026-11-23T15:45:00.000Z'],
  ["You've hit your session limit · resets 3am", '2026-11-24T03:00:00.000Z'],
  ['resets 12:00am', '2026-11-24T00:00:00.000Z'],
  ['resets 12pm', '2026-11-23T12:00:00.000Z'],
  ['resets 11:56am', '2026-11-23T11:56:00.000Z'],
  ['resets 11:54am', '2026-11-24T11:54:00.000Z'],
  ["You've hit your weekly limit · resets Nov 25, 10:36am (Europe/Berlin)", '2026-11-25T09:36:00.000Z'],
  ["You've hit your weekly limit · resets Nov 25, 9am", '2026-11-25T09:00:00.000Z'],
  ['resets Jan 2, 9am (UTC)', '2027-01-02T09:00:00.000Z'],
  ['resets Jan 2, 2027, 9am (UTC)', '2027-01-02T09:00:00.000Z'],
  ['usage limit reached · resets at 3pm (Asia/Kolkata)', '2026-11-24T09:30:00.000Z'],
  ['Claude AI usage limit reached|1795342823', '2026-11-22T10:20:23.000Z'],
  ["You've hit your weekly limit · resets Mon 12:00am", '2026-11-30T00:00:00.000Z'],
  ['weekly limit · resets Wed 9am (Europe/Berlin)', '2026-11-25T08:00:00.000Z'],
  ['resets 3:45pm (America/New_York)', '2026-11-23T20:45:00.000Z'],
  ['resets 3:45pm (Middle/Earth)', '2026-11-23T15:45:00.000Z'],
  ['no time at all', undefined],
])('%s', (text, expected) => {
  expect(findLimitReset(text, now, 'UTC')?.toISOString()).toBe(expected);
});
