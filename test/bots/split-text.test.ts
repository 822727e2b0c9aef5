import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findOpenFence } from '../../src/bots/open-fence.ts';
import { splitText } from '../../src/bots/split-text.ts';

const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, '');

describe('splitText', () => {
  test('a text that fits stays as it is', () => {
    expect(splitText('  one\n\ntwo  ', 100)).toEqual(['  one\n\ntwo  ']);
    expect(splitText('', 100)).toEqual([]);
  });

  test('cuts at the end of a paragraph before that of a line, and there before that of a word', () => {
    expect(splitText('one two three\n\nfour five\nsix', 24)).toEqual(['one two three', 'four five\nsix']);
    expect(splitText('one two three\nfour five six', 20)).toEqual(['one two three', 'four five six']);
    expect(splitText('one two three four five', 16)).toEqual(['one two three', 'four five']);
  });

  test('a code block that is cut is closed and opened again with its language', () => {
    const code = ['const a = 1;', 'const b = 2;', 'const c = 3;'];
    expect(splitText(`Look:\n\n\`\`\`ts\n${code.join('\n')}\n\`\`\`\nDone.`, 42)).toEqual([
      'Look:\n\n```ts\nconst a = 1;\nconst b = 2;\n```',
      '```ts\nconst c = 3;\n```\nDone.',
    ]);
  });

  test('a fence inside of a longer fence is code', () => {
    const parts = splitText(`~~~~md\n${'```\nx\n'.repeat(10)}~~~~`, 40);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part).toMatch(/^~~~~md\n[^~]*~~~~$/);
  });

  test('neither a surrogate pair nor a person of several code points is cut', () => {
    for (const part of splitText('😀'.repeat(40), 17)) expect(part).toMatch(/^(😀){1,8}$/u);
    for (const part of splitText('👩‍👩‍👧'.repeat(20), 20)) expect(part).toMatch(/^(👩‍👩‍👧)+$/u);
  });

  test('what is to stay whole is not cut', () => {
    const parts = splitText(`${'x'.repeat(14)}&amp;${'y'.repeat(14)}`, 16, /&\w+;/g);
    expect(parts).toEqual(['x'.repeat(14), `&amp;${'y'.repeat(11)}`, 'yyy']);
    expect(splitText('see <https://a.example|the long words>', 36, /<[^>]*>/g)).toEqual([
      'see',
      '<https://a.example|the long words>',
    ]);
  });

  const chunk = fc.oneof(
    fc.constantFrom('\n', '\n\n', ' ', '```\n', '```ts\n', '\n```\n', '~~~\n', '> ', '😀', 'word ', 'é'),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  );
  const texts = fc.array(chunk, { maxLength: 60 }).map((chunks) => chunks.join(''));

  test('no part is longer than the limit, none is empty, none leaves a surrogate alone', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 16, max: 200 }), (text, limit) => {
        for (const part of splitText(text, limit)) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.length).toBeGreaterThan(0);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('of a text without fences nothing but white space is lost or added', () => {
    fc.assert(
      fc.property(
        texts.filter((text) => !/`{3}|~{3}/.test(text)),
        fc.integer({ min: 32, max: 200 }),
        (text, limit) => {
          expect(withoutSpace(splitText(text, limit).join('\n'))).toBe(withoutSpace(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of a text with fences nothing but white space and fences is lost or added', () => {
    // A fence that is added may stand beside any other mark, and has the words of the one that was opened: `ts`.
    const bare = (text: string): string => withoutSpace(text).replaceAll(/[`~ts]/g, '');
    fc.assert(
      fc.property(texts, fc.integer({ min: 32, max: 200 }), (text, limit) => {
        expect(bare(splitText(text, limit).join('\n'))).toBe(bare(text));
      }),
      { numRuns: 500 },
    );
  });

  test('every part but the last has its code blocks closed', () => {
    const blocks = fc
      .array(
        fc.oneof(
          fc.lorem(),
          fc.lorem().map((words) => `\`\`\`ts\n${words.replaceAll(' ', '\n')}\n\`\`\``),
        ),
        { maxLength: 12 },
      )
      .map((list) => list.join('\n\n'));
    fc.assert(
      fc.property(blocks, fc.integer({ min: 60, max: 200 }), (text, limit) => {
        for (const part of splitText(text, limit)) expect(findOpenFence(part)).toBeUndefined();
      }),
    );
  });
});
