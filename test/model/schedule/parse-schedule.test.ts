import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { nextOccurrence } from '../../../src/model/schedule/next-occurrence.ts';
import { parseSchedule } from '../../../src/model/schedule/parse-schedule.ts';
import { scheduleSchema } from '../../../src/model/schedule/schedule.ts';
import { UserError } from '../../../src/model/user-error.ts';

/** A Sunday, 09:30:17 in Berlin. */
const now = new Date('2026-11-22T08:30:17Z');
const zone = 'Europe/Berlin';
const read = (words: string) => parseSchedule(words, { now, zone });

function refusalOf(words: string, options: Partial<Parameters<typeof parseSchedule>[1]> = {}): string {
  try {
    parseSchedule(words, { now, zone, ...options });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`"${words}" was read`);
}

describe('words for one moment', () => {
  test.each([
    ['now', '2026-11-22T08:30:17Z'],
    ['right now', '2026-11-22T08:30:17Z'],
    ['in 20 minutes', '2026-11-22T08:50:17Z'],
    ['in 90 seconds', '2026-11-22T08:31:47Z'],
    ['in 2h', '2026-11-22T10:30:17Z'],
    ['in 1h30m', '2026-11-22T10:00:17Z'],
    ['in an hour', '2026-11-22T09:30:17Z'],
    ['in half an hour', '2026-11-22T09:00:17Z'],
    ['in 1.5 hours', '2026-11-22T10:00:17Z'],
    ['in two hours and 15 minutes', '2026-11-22T10:45:17Z'],
    ['2 hours from now', '2026-11-22T10:30:17Z'],
    ['in 3 days', '2026-11-25T08:30:17Z'],
    ['in 3 days at 9am', '2026-11-25T08:00:00Z'],
    ['the day after tomorrow at 9am', '2026-11-24T08:00:00Z'],
    ['tonight', '2026-11-23T01:00:00Z'],
    ['tonight at 11pm', '2026-11-22T22:00:00Z'],
    ['tonight at 1am', '2026-11-23T00:00:00Z'],
    ['tomorrow', '2026-11-23T01:00:00Z'],
    ['tomorrow at 2am', '2026-11-23T01:00:00Z'],
    ['Tomorrow, 2 A.M.', '2026-11-23T01:00:00Z'],
    ['at 2am tomorrow', '2026-11-23T01:00:00Z'],
    ['today at noon', '2026-11-22T11:00:00Z'],
    ['noon', '2026-11-22T11:00:00Z'],
    ['midnight', '2026-11-22T23:00:00Z'],
    ['12am', '2026-11-22T23:00:00Z'],
    ['at 5pm', '2026-11-22T16:00:00Z'],
    ['at 9am', '2026-11-23T08:00:00Z'],
    ['9 in the morning', '2026-11-23T08:00:00Z'],
    ['at 17', '2026-11-22T16:00:00Z'],
    ['friday at 9am', '2026-11-27T08:00:00Z'],
    ['on Fri at 9:15am', '2026-11-27T08:15:00Z'],
    ['this friday at 9am', '2026-11-27T08:00:00Z'],
    ['sunday at noon', '2026-11-22T11:00:00Z'],
    ['sunday at 9am', '2026-11-29T08:00:00Z'],
    ['2026-11-24T02:00', '2026-11-24T01:00:00Z'],
    ['2026-11-24T02:00:00', '2026-11-24T01:00:00Z'],
    ['2026-11-24 02:00', '2026-11-24T01:00:00Z'],
    ['2026-11-24', '2026-11-24T01:00:00Z'],
    ['2026-11-24 at 5pm', '2026-11-24T16:00:00Z'],
    ['2026-11-24T02:00Z', '2026-11-24T02:00:00Z'],
    ['2026-11-24T02:00:30Z', '2026-11-24T02:00:30Z'],
    ['2026-11-24T02:00:00+05:30', '2026-11-23T20:30:00Z'],
    ['24 nov at 2am', '2026-11-24T01:00:00Z'],
    ['Nov 24th 2026 at 2am', '2026-11-24T01:00:00Z'],
    ['21 nov at 2am', '2027-11-21T01:00:00Z'],
    ['1st of january', '2027-01-01T01:00:00Z'],
    ['29 feb at noon', '2028-02-29T11:00:00Z'],
    ['Tue 24 Nov 2026 at 02:00', '2026-11-24T01:00:00Z'],
  ])('`%s` is due at %s', (words, instant) => {
    expect(read(words)).toEqual({ kind: 'once', atMs: Date.parse(instant), zone });
  });

  test('a local time that the clock skips moves forward by the gap', () => {
    expect(read('2027-03-28T02:30')).toMatchObject({ atMs: Date.parse('2027-03-28T01:30:00Z') });
  });

  test('days are counted on the calendar, so the time of day stays when the clock changes', () => {
    const before = new Date('2027-03-27T08:00:00Z');
    expect(parseSchedule('in 2 days', { now: before, zone })).toMatchObject({
      atMs: Date.parse('2027-03-29T07:00:00Z'),
    });
    expect(parseSchedule('in 48 hours', { now: before, zone })).toMatchObject({
      atMs: Date.parse('2027-03-29T08:00:00Z'),
    });
  });

  test('after midnight, tonight is the night that goes on', () => {
    const night = new Date('2026-11-22T00:10:00+01:00');
    expect(parseSchedule('tonight', { now: night, zone })).toMatchObject({
      atMs: Date.parse('2026-11-22T02:00:00+01:00'),
    });
  });
});

describe('words for days that recur', () => {
  test.each([
    ['every day at 2am', '0 2 * * *'],
    ['daily at 02:00', '0 2 * * *'],
    ['2am every day', '0 2 * * *'],
    ['once a day at 2am', '0 2 * * *'],
    ['every day at 9am and 5pm', '0 9,17 * * *'],
    ['daily at 9:30, 17:30', '30 9,17 * * *'],
    ['weekdays 2am', '0 2 * * 1-5'],
    ['weekdays at 2am', '0 2 * * 1-5'],
    ['at 2am on weekdays', '0 2 * * 1-5'],
    ['every weekday at 2 am', '0 2 * * 1-5'],
    ['week days at 2am', '0 2 * * 1-5'],
    ['weekdays', '0 2 * * 1-5'],
    ['weekends at noon', '0 12 * * 0,6'],
    ['mon-fri at 07:30', '30 7 * * 1-5'],
    ['Mon – Fri 07:30', '30 7 * * 1-5'],
    ['mon to fri at 9am', '0 9 * * 1-5'],
    ['from monday to friday at 9am', '0 9 * * 1-5'],
    ['monday through thursday at 9am', '0 9 * * 1-4'],
    ['fri-mon at 9am', '0 9 * * 0,1,5,6'],
    ['mon-sun at 9am', '0 9 * * *'],
    ['mondays and thursdays at 6pm', '0 18 * * 1,4'],
    ['monday and thursday at 6pm', '0 18 * * 1,4'],
    ['mon, wed, fri 9am', '0 9 * * 1,3,5'],
    ['mon/wed/fri at 9am', '0 9 * * 1,3,5'],
    ['every monday at 9am', '0 9 * * 1'],
    ['mondays', '0 2 * * 1'],
    ['hourly', '0 * * * *'],
    ['every hour', '0 * * * *'],
    ['every hour on weekdays', '0 * * * 1-5'],
    ['every minute', '* * * * *'],
    ['every 15 minutes on weekdays', '*/15 * * * 1-5'],
    ['every 2 hours on mondays', '0 */2 * * 1'],
    ['nightly', '0 2 * * *'],
    ['every night', '0 2 * * *'],
    ['nightly at 3am', '0 3 * * *'],
    ['weekly', '0 2 * * 1'],
    ['weekly on friday at 5pm', '0 17 * * 5'],
    ['once a week on friday at 5pm', '0 17 * * 5'],
    ['monthly', '0 2 1 * *'],
    ['monthly on the 15th at 9am', '0 9 15 * *'],
    ['every month on the 1st', '0 2 1 * *'],
    ['first monday of the month at 9am', '0 9 * * 1#1'],
    ['at 9am on the first monday of every month', '0 9 * * 1#1'],
    ['first and third monday of the month at 9am', '0 9 * * 1#1,1#3'],
    ['last friday of the month at 17:00', '0 17 * * 5L'],
    ['1st of the month at 9am', '0 9 1 * *'],
    ['1st and 15th of the month at 9am', '0 9 1,15 * *'],
    ['15 of the month at 9am', '0 9 15 * *'],
    ['first day of the month at 9am', '0 9 1 * *'],
    ['last day of the month at 18:00', '0 18 L * *'],
    ['every 1st of january at 9am', '0 9 1 1 *'],
  ])('`%s` is `%s`', (words, expression) => {
    expect(read(words)).toEqual({ kind: 'cron', expression, zone });
  });

  test.each(['nightly', 'tonight', 'weekdays', 'tomorrow'])(
    '`%s` is at the time that the configuration calls night',
    (words) => {
      const schedule = parseSchedule(words, { now, zone, nightlyAt: { hour: 3, minute: 15 } });
      expect(nextOccurrence(schedule, now)?.toISOString()).toBe('2026-11-23T02:15:00.000Z');
    },
  );
});

describe('words for intervals', () => {
  test.each([
    ['every 6 hours', 360],
    ['every 90 minutes', 90],
    ['every 2h', 120],
    ['every 1 minute', 1],
    ['every half hour', 30],
    ['every 1h30m', 90],
    ['every 3 days', 3 * 1_440],
    ['every other day', 2 * 1_440],
    ['every 2 weeks', 14 * 1_440],
  ])('`%s` is counted from now on', (words, minutes) => {
    const everyMs = minutes * 60_000;
    expect(read(words)).toEqual({ kind: 'interval', everyMs, fromMs: now.getTime() + everyMs, zone });
  });

  test.each([
    ['every 6 hours from 8am', '2026-11-23T07:00:00Z'],
    ['every 6 hours starting tomorrow at noon', '2026-11-23T11:00:00Z'],
    ['every 6 hours from now', '2026-11-22T08:30:17Z'],
  ])('`%s` is counted from its start', (words, start) => {
    expect(read(words)).toEqual({ kind: 'interval', everyMs: 6 * 3_600_000, fromMs: Date.parse(start), zone });
  });
});

describe('cron expressions', () => {
  test.each([
    ['0 2 * * *', '0 2 * * *'],
    ['  30   7 * *  1-5 ', '30 7 * * 1-5'],
    ['0 9 * JAN,jul MON', '0 9 * jan,jul mon'],
    ['*/15 9-17 * * 1-5', '*/15 9-17 * * 1-5'],
    ['5/20 * * * *', '5/20 * * * *'],
    ['0 9 * * 1#1', '0 9 * * 1#1'],
    ['0 9 * * 5l', '0 9 * * 5L'],
    ['0 18 l * *', '0 18 L * *'],
    ['@daily', '0 0 * * *'],
    ['@hourly', '0 * * * *'],
  ])('`%s` is kept as `%s`', (words, expression) => {
    expect(read(words)).toEqual({ kind: 'cron', expression, zone });
  });
});

describe('a zone behind the words', () => {
  test.each([
    ['weekdays at 2am in America/New_York', 'America/New_York'],
    ['weekdays at 2am america/new_york', 'America/New_York'],
    ['weekdays at 2am in New York', 'America/New_York'],
    ['weekdays at 2am New York time', 'America/New_York'],
    ['weekdays at 2am (Asia/Tokyo)', 'Asia/Tokyo'],
    ['weekdays at 2am Tokyo', 'Asia/Tokyo'],
    ['weekdays at 2am UTC', 'UTC'],
    ['weekdays at 2am utc', 'UTC'],
    ['0 2 * * 1-5 UTC', 'UTC'],
    ['0 2 * * 1-5 in Asia/Kolkata', 'Asia/Kolkata'],
    ['weekdays at 2am', 'Europe/Berlin'],
  ])('`%s` is in %s', (words, expected) => {
    expect(read(words)).toMatchObject({ kind: 'cron', zone: expected });
  });

  test.each([
    ['9am UTC', '2026-11-22T09:00:00Z'],
    ['tomorrow at 9am in Tokyo', '2026-11-23T00:00:00Z'],
    ['2026-11-24T02:00 America/New_York', '2026-11-24T07:00:00Z'],
    ['2026-11-24T02:00Z in Tokyo', '2026-11-24T02:00:00Z'],
  ])('`%s` is due at %s', (words, instant) => {
    expect(read(words)).toMatchObject({ kind: 'once', atMs: Date.parse(instant) });
  });
});

describe('refusals', () => {
  test('a slip is answered with the nearest right words', () => {
    expect(refusalOf('weekdyas 2am')).toBe(
      'I can\'t read `--when "weekdyas 2am"`. Did you mean `weekdays at 2am`? Also: `tomorrow at 9am`, `every 6 hours`, `30 7 * * 1-5`.',
    );
  });

  test('words that nothing is near to are answered with examples', () => {
    expect(refusalOf('when the moon is full', { flag: '' })).toBe(
      'I can\'t read `"when the moon is full"`. Write it like `weekdays at 2am`, `tomorrow at 9am`, `every 6 hours`, `30 7 * * 1-5`.',
    );
  });

  test.each([
    ['mnoday at 9am', '`monday at 9am`'],
    ['tomorow', '`tomorrow`'],
    ['evry 6 hours', '`every 6 hours`'],
    ['in 20 minuets', '`in 20 minutes`'],
    ['nightyl', '`nightly`'],
    ['weekdays 2am berln', '`weekdays at 2am berlin`'],
    ['at 5', '`at 5am` or `at 5pm`'],
    ['mondays at 9', '`mondays at 9am` or `mondays at 9pm`'],
    ['20 minutes', '`in 20 minutes` or `every 20 minutes`'],
    ['9am and 5pm', '`every day at 9am and 5pm`'],
    ['first monday at 9am', '`first monday of the month at 9am`'],
    ['tomorrow morning', '`tomorrow at 9am`'],
    ['monday night', '`monday at 11pm`'],
    ['every morning', '`every day at 9am`'],
    ['every morning at 7am', '`every day at 7am`'],
    ['7am each morning', '`at 7am each day`'],
    ['every evening at 8', '`every day at 8pm`'],
    ['every morning and evening', '`every day at 9am and 6pm`'],
    ['every night at 1', '`every day at 1am` or `every day at 1pm`'],
    ['monday morning at 8am', '`monday at 8am`'],
    ['weekdays in the afternoon', '`weekdays at 3pm`'],
    ['this evening', '`today at 6pm`'],
    ['next friday at 9am', '`2026-11-27 at 09:00` or `2026-12-04 at 09:00`'],
    ['every 3 days at 9am', '`every 3 days from tomorrow at 09:00`'],
    ['tonight at 3pm', '`today at 15:00`'],
    ['0 0 2 * * *', '`0 2 * * *`'],
    ['*/90 * * * *', '`every 90 minutes`'],
    ['0 0 30 2 *', '`0 0 L 2 *`'],
    ['every 30 seconds', '`every minute`'],
    ['today at 7am', '`tomorrow at 07:00`'],
  ])('for `%s` it asks whether %s was meant', (words, suggestions) => {
    expect(refusalOf(words)).toContain(`Did you mean ${suggestions}?`);
  });

  test.each([
    ['0 0 30 2 *', 'it never comes'],
    ['0 0 31 4,6,9,11 *', 'it never comes'],
    ['today at 7am', 'it lies in the past, at Sun 22 Nov 2026, 07:00 Berlin'],
    ['2026-11-22T08:30Z', 'it lies in the past'],
    ['5 may 2020', 'it lies in the past'],
    ['24:00', 'there is no `24:00`'],
    ['tomorrow at 25:00', '`25:00` is no time'],
    ['9:75', 'an hour has 60 minutes'],
    ['13pm', 'Or write `13:00`'],
    ['at 02:00:30', 'times go by the minute; write `02:00`'],
    ['every 0 minutes', 'the shortest interval is one minute'],
    ['every 59s', 'the shortest interval is one minute'],
    ['every 500 days', 'the longest interval is a year'],
    ['every 90 minutes on mondays', 'must divide the hour or the day'],
    ['every monday at 9am starting tomorrow', 'only an interval can be given a start'],
    ['daily at 9:00 and 17:30', '`09:00` and `17:30` take a job each'],
    ['in 2 months', 'months differ in length'],
    ['in 99999999999 days', 'more than ten years ahead'],
    [`in ${'9'.repeat(310)} days`, 'the number is too long'],
    [`every ${'9'.repeat(310)} days`, 'the number is too long'],
    [`in ${'9'.repeat(310)}d`, 'the number is too long'],
    ['2099-01-01', 'more than ten years ahead'],
    ['2027-02-30', 'there is no day `2027-02-30`'],
    ['30 feb', 'no such day in the calendar'],
    ['29 feb 2027', 'no such day in the calendar'],
    ['2027-13-01T09:00Z', 'there is no day'],
    ['2027-02-30T09:00Z', 'there is no day'],
    ['2027-02-01T25:00Z', '`2027-02-01T25:00Z` is no instant'],
    ['tue 25 nov 2026', 'that day is another weekday: Wed 25 Nov 2026'],
    ['6th monday of the month', 'at most five of each weekday'],
    ['32nd of the month at 9am', 'at most 31 days'],
    ['2 3 * *', 'five fields here (minute, hour, day, month, weekday), and this one has 4'],
    ['60 * * * *', 'the minute field of a cron expression is 0–59, not `60`'],
    ['0 9 * * mno', 'the weekday field of a cron expression is 0–7 or `sun`–`sat`, not `mno`'],
    ['0 22-2 * * *', 'around the end it is `22-23,0-2`'],
    ['0 9 * * fri-mon', 'around the end it is `fri-sat,sun-mon`'],
    ['@reboot', 'a restart is no time'],
    ['x'.repeat(501), 'longer than 500 characters'],
  ])('`%s` is refused: %s', (words, reason) => {
    expect(refusalOf(words)).toMatch(/^I can't use `--when "/);
    expect(refusalOf(words)).toContain(reason);
  });

  test.each([
    ['weekdays at 2am in Berln', 'There is no time zone `Berln`. Did you mean `Europe/Berlin`?'],
    ['2am Europe/Berln', 'There is no time zone `Europe/Berln`. Did you mean `Europe/Berlin`?'],
    ['9am EST', '`EST` leaves summer time open. Name a place: `America/New_York`.'],
    ['9am UTC+2', '`UTC+2` is an offset'],
  ])('`%s` names no zone', (words, message) => {
    expect(refusalOf(words)).toContain(message);
  });

  test('a bad zone is refused whatever the words are', () => {
    expect(refusalOf('now', { zone: 'Europe/Berln' })).toContain('Did you mean `Europe/Berlin`?');
  });

  test.each([
    '',
    '   ',
    'and',
    'at',
    'every every',
    'hello',
    '11/24 9am',
    'friday night at 1',
    'yearly',
    'last 9am',
    'noon noon',
    'monday tomorrow',
    'in 2constructor',
    'weekdays at 2am constructor',
    'toString',
  ])('`%s` says nothing that can be read', (words) => {
    expect(refusalOf(words)).toContain("I can't read");
  });

  test('what was typed is quoted on one line, cut, and cannot end the quote', () => {
    const message = refusalOf(`run \`rm\`\n${'now '.repeat(100)}`);
    expect(message).toContain("`--when \"run 'rm' now now");
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toContain('…"`');
  });
});

function outcomeOf(text: string): string {
  try {
    const schedule = scheduleSchema.parse(read(text));
    return nextOccurrence(schedule, new Date(now.getTime() - 1)) === undefined ? 'never comes' : 'comes';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

test('whatever is typed is read as a schedule that comes, or refused with a message', () => {
  const words = fc.constantFrom(
    ...'every at on in of the mondays friday weekdays weekday 2am 17:30 noon first last 15th month day hours 6 20 minutes'.split(
      ' ',
    ),
    ...'tomorrow tonight next from now and to - , * */5 0 1-5 2026-12-24 jan UTC Berlin berln . ` 9 week hourly nightly 2h'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 7 }), (typed) => {
      const text = typed.join(' ');
      expect(outcomeOf(text)).toMatch(/^(comes$|I can't|There is no time zone|`)/);
    }),
    { numRuns: 1_500 },
  );
});
