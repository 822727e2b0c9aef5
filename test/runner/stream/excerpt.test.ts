import { array, assert, nat, property, stringMatching } from 'fast-check';
import { expect, test } from 'vitest';

import { cutLine, excerpt, plainText } from '../../../src/runner/stream/excerpt.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`).join('\n');
const limits = { headLines: 2, tailLines: 2, lineCharacters: 80 };

test.each([
  ['', ''],
  ['one', 'one'],
  ['one\n', 'one'],
  [numbered(4), numbered(4)],
  [`${numbered(4)}\n`, numbered(4)],
  [numbered(5), 'line 1\nline 2\n… 1 line left out …\nline 4\nline 5'],
  [numbered(5000), 'line 1\nline 2\n… 4,996 lines left out …\nline 4999\nline 5000'],
  ['\n\n\n\n\n\n', '\n\n… 2 lines left out …\n\n'],
])('%j is shown as %j', (text, shown) => {
  expect(excerpt(text, limits)).toBe(shown);
});

test('only the tail may be wanted', () => {
  expect(excerpt(numbered(9), { ...limits, headLines: 0 })).toBe('… 7 lines left out …\nline 8\nline 9');
});

test('any text is shown as its first and last lines, and the number of those between', () => {
  const size = nat({ max: 6 });
  const lines = array(stringMatching(/^[a-z]*$/), { minLength: 1, maxLength: 20 });
  assert(
    property(lines, size, size, (lines, headLines, tailLines) => {
      const shown = excerpt(`${lines.join('\n')}\n`, { headLines, tailLines, lineCharacters: 1000 });
      expect(shown).toBe(slowExcerpt(lines, headLines, tailLines));
    }),
  );
});

function slowExcerpt(lines: string[], headLines: number, tailLines: number): string {
  const leftOut = lines.length - headLines - tailLines;
  if (leftOut <= 0) return lines.join('\n');
  const mark = `… ${leftOut} ${leftOut === 1 ? 'line' : 'lines'} left out …`;
  return lines.toSpliced(headLines, leftOut, mark).join('\n');
}

test('a long line keeps its ends, and no half of a character', () => {
  expect(cutLine('short', 10)).toBe('short');
  expect(cutLine('abcdefghijklmnop', 6)).toBe('abcd … 10 characters left out … op');
  expect(cutLine('😀'.repeat(100), 9)).toBe('😀😀😀 … 191 characters left out … 😀');
});

test.each([
  ['\u001B[31mred\u001B[0m', 'red'],
  ['\u001B]0;title\u0007text', 'text'],
  ['\u001B]8;;http://x/\u001B\\link\u001B]8;;\u001B\\ end', 'link end'],
  ['\u001B]0;one\nkept\u001B]0;two\u0007three', ';one\nkeptthree'],
  ['\u001B]0;one\nkept\u0007', ';one\nkept'],
  ['10%\r50%\r100%\r\ndone', '10%\n50%\n100%\ndone'],
  ['bell\u0007 back\b nul\0', 'bell back nul'],
  ['tab\tstays\n', 'tab\tstays\n'],
])('%j becomes the plain text %j', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('sequences without an end take a text of any length no longer than others', () => {
  const startedMs = performance.now();
  expect(plainText('\u001B]8;;\n'.repeat(200_000))).toHaveLength(600_000);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});
