import { describe, expect, test } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import { bold, claudeSays, code, dateTime, line, link, output, person, type Message } from '../../src/model/message.ts';

const at = new Date('2026-11-23T01:00:00Z');

describe('a message as plain text', () => {
  test.each<[string, Message, string]>([
    ['markup goes, code keeps its ticks', [line(bold('a'), ' ', code('npm test'))], 'a `npm test`'],
    ['a person is named without the platform', [line('by ', person('slack:U012'))], 'by @U012'],
    ['a link shows where it leads', [line(link('https://x.example/1', 'the run'))], 'the run (https://x.example/1)'],
    [
      'a link that is its own text stands alone',
      [line(link('https://x.example', 'https://x.example'))],
      'https://x.example',
    ],
    ['a place of the page is its text alone', [line(link('/runs/r142', 'r142'), ' ran')], 'r142 ran'],
    ['an instant has its zone', [line(dateTime(at))], 'Mon 23 Nov 2026, 02:00 Berlin'],
    ['a time of day has its zone', [line({ kind: 'time', atMs: at.getTime(), style: 'time' })], '02:00 Berlin'],
    ['output is set in', [line('last lines:'), output('one\ntwo\n')], 'last lines:\n  one\n  two'],
    ['Claude is named as the speaker', [claudeSays('Done.')], 'Claude says: Done.'],
    ['longer words of Claude are set in', [claudeSays('One.\n\nTwo.')], 'Claude says:\n  One.\n\n  Two.'],
    ['colours and the terminal’s title stay out', [output('\u001b[31mred\u001b[0m \u001b]0;owned\u0007x')], '  red x'],
    ['a lone carriage return cannot hide what it follows', [line('rm -rf\rls')], 'rm -rfls'],
    ['text keeps its direction', [line('a\u202eb\u2066c')], 'abc'],
    ['emoji and tabs stay', [line('✅\t⏱️ ok')], '✅\t⏱️ ok'],
  ])('%s', (_, message, text) => {
    expect(renderText(message, 'Europe/Berlin')).toBe(text);
  });
});
