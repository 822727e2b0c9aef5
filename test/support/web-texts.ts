import {
  bold,
  buttons,
  claudeSays,
  code,
  dateTime,
  line,
  output,
  type ActionKind,
  type Message,
} from '../../src/model/message.ts';

/** A message with buttons of r142. */
export const withButtons = (message: Message, ...kinds: ActionKind[]): Message => [
  ...message,
  buttons(...kinds.map((kind) => ({ kind, target: 'r142' }))),
];

/** What the bot says in the course of a night, as a channel shows it. */
export const scheduled: Message = [
  line(bold('upgrade-deps'), ' scheduled by ', { kind: 'person', id: 'web:ada' }, ': weekdays at 02:00 Berlin'),
  line(
    'next, in your time: ',
    dateTime(new Date('2026-11-23T01:00:00Z')),
    ' · ',
    dateTime(new Date('2026-11-24T01:00:00Z')),
    ' · ',
    dateTime(new Date('2026-11-25T01:00:00Z')),
  ),
  line(
    'project ',
    code('api'),
    ' · checks: ',
    code('npm test'),
    ', “no breaking changes to the public interface” · up to 3 attempts, 2 h an attempt, $5 in all',
  ),
];

export const succeeded: Message = [
  line('✅ ', bold('upgrade-deps'), ' r142 succeeded on attempt 2 · 21 min · about $1.12'),
  line(
    'checks: ',
    code('npm test'),
    ' failed before, passes now · “no breaking changes…” holds: exported signatures unchanged',
  ),
  line('branch ', code('nightdesk/upgrade-deps/r142'), ' (pushed) · 9 files, +214 −187'),
  claudeSays(
    '14 dependencies raised; two call sites of the date library rewritten for its new major version.\n\nWhat to look at:\n- `src/report/dates.ts`: month arithmetic <b>moved</b> to the new API\n- the lock file',
  ),
];

export const failed: Message = [
  line('❌ ', bold('upgrade-deps'), ' r143 failed after 3 attempts: ', code('npm test'), ' exits 1'),
  line('last line: ', code('Tests 1 failed | 211 passed'), ' · it passed before attempt 1 · 58 min · about $3.40'),
  line('The work so far is on ', code('nightdesk/upgrade-deps/r143'), '. 🔁 tries again from there, with what failed.'),
];

export const checkOutput: Message = [
  line('❌ ', code('npm test'), ' exits 1 after 41 s; the last lines:'),
  output(
    ' FAIL  test/report/dates.test.ts > a month without a 31st ends on its last day\nAssertionError: expected 2026-03-03 to be 2026-02-28\n  - Expected\n  + Received\n\n Tests  1 failed | 211 passed (212)',
  ),
];

export const mentioned: Message = [
  line('❌ ', bold('upgrade-deps'), ' r143 failed after 3 attempts: ', code('npm test'), ' exits 1'),
];

export const wrongCommand: Message = [
  line('I can’t read ', code('--when "weekdyas 2am"'), '. Did you mean ', code('weekdays at 2am'), '?'),
  line('Also: ', code('tomorrow at 9am'), ', ', code('every 6 hours'), ', ', code('30 7 * * 1-5'), '.'),
];
