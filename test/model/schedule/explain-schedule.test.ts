import { expect, test } from 'vitest';

import { explainSchedule, renderExplanation } from '../../../src/model/schedule/explain-schedule.ts';
import { formatInstant } from '../../../src/model/schedule/format-instant.ts';

const zone = 'Europe/Berlin';

test('an explanation has the sentence and the instants in UTC and in the zone', () => {
  const now = new Date('2026-11-22T08:30:17Z');
  expect(explainSchedule('weekdays 2am', { now, zone, count: 2 })).toEqual({
    sentence: 'weekdays at 02:00 Berlin',
    zone,
    kind: 'cron',
    instants: [
      { utc: '2026-11-23T01:00:00Z', local: '2026-11-23T02:00:00+01:00' },
      { utc: '2026-11-24T01:00:00Z', local: '2026-11-24T02:00:00+01:00' },
    ],
  });
});

test('the instants are in the zone that the words name', () => {
  const now = new Date('2026-11-22T08:30:17Z');
  const { zone: named, instants } = explainSchedule('every day at 2am in Kolkata', { now, zone, count: 1 });
  expect(named).toBe('Asia/Kolkata');
  expect(instants).toEqual([{ utc: '2026-11-22T20:30:00Z', local: '2026-11-23T02:00:00+05:30' }]);
});

test('`now` is shown as the one instant that it is', () => {
  const now = new Date('2026-11-22T08:30:17.250Z');
  expect(explainSchedule('now', { now, zone, count: 5 })).toMatchObject({
    kind: 'once',
    instants: [{ utc: '2026-11-22T08:30:17.250Z', local: '2026-11-22T09:30:17.250+01:00' }],
  });
});

test('words that cannot be read are quoted without a flag', () => {
  const now = new Date('2026-11-22T08:30:17Z');
  expect(() => explainSchedule('weekdyas 2am', { now, zone, count: 1 })).toThrow(
    'I can\'t read `"weekdyas 2am"`. Did you',
  );
});

test('the terminal shows a line for each instant, with the offset where a time comes twice', () => {
  const now = new Date('2026-10-24T12:00:00Z');
  expect(renderExplanation(explainSchedule('*/30 2 * * *', { now, zone, count: 5 })))
    .toBe(`every day at 02:00 and 02:30 Berlin
zone Europe/Berlin

  Sun 25 Oct 2026, 02:00 Berlin (UTC+02:00)   2026-10-25T00:00:00Z
  Sun 25 Oct 2026, 02:30 Berlin (UTC+02:00)   2026-10-25T00:30:00Z
  Sun 25 Oct 2026, 02:00 Berlin (UTC+01:00)   2026-10-25T01:00:00Z
  Sun 25 Oct 2026, 02:30 Berlin (UTC+01:00)   2026-10-25T01:30:00Z
  Mon 26 Oct 2026, 02:00 Berlin               2026-10-26T01:00:00Z`);
});

test.each([
  ['2026-11-24T01:00:00Z', zone, 'Tue 24 Nov 2026, 02:00 Berlin'],
  ['2026-11-24T01:00:00Z', 'UTC', 'Tue 24 Nov 2026, 01:00 UTC'],
  ['2026-11-24T01:00:09Z', zone, 'Tue 24 Nov 2026, 02:00:09 Berlin'],
  ['2026-11-01T05:30:00Z', 'America/New_York', 'Sun 1 Nov 2026, 01:30 New York (UTC-04:00)'],
  ['2026-11-01T06:30:00Z', 'America/New_York', 'Sun 1 Nov 2026, 01:30 New York (UTC-05:00)'],
  ['2026-11-01T07:00:00Z', 'America/New_York', 'Sun 1 Nov 2026, 02:00 New York'],
  ['2026-04-04T14:45:00Z', 'Australia/Lord_Howe', 'Sun 5 Apr 2026, 01:45 Lord Howe (UTC+11:00)'],
])('%s in %s is %s', (instant, zone, text) => {
  expect(formatInstant(new Date(instant), zone)).toBe(text);
});

test.each([
  ['daily at 2:30am', '03:30', '02:30 does not exist on that day, so 03:30'],
  ['daily at 2am', '03:00', '02:00 does not exist on that day, so 03:00'],
  ['daily at 3:30am', '03:30', undefined],
  ['30 2,3 * * *', '03:30', undefined],
  ['*/30 * * * *', '00:00', undefined],
])('of %s in the hour that a zone skips the reason is told', (words, local, note) => {
  const now = new Date('2027-03-27T23:00:00Z');
  const explanation = explainSchedule(words, { now, zone, count: 1 });
  expect(explanation.instants[0]?.local).toContain(`2027-03-28T${local}:00`);
  expect(explanation.instants[0]?.note).toBe(note);
  expect(renderExplanation(explanation).includes('does not exist')).toBe(note !== undefined);
});

test.each([
  ['yesterday', '`tomorrow`'],
  ['yesterday at 3pm', '`tomorrow at 3pm`'],
  ['every second', '`every minute` or `every 2 days`'],
  ['biweekly', '`every 2 weeks` or `mondays and thursdays`'],
  ['fortnightly', '`every 2 weeks`'],
])('what %s may have meant is named', (words, meant) => {
  const now = new Date('2026-11-22T08:30:17Z');
  expect(() => explainSchedule(words, { now, zone, count: 1 })).toThrow(`Did you mean ${meant}`);
});
