import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { renderClaude } from '../../../src/bots/discord/render-claude.ts';
import { whatActs } from './what-acts.ts';

const hostile = [
  '@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678>',
  String.raw`\<@123456789012345678> \\<@123456789012345678> \@everyone \\@everyone`,
  '[your bank](https://evil.example/login) ![](https://evil.example/pixel.png)',
  '[https://bank.example](https://evil.example) [a]( <https://evil.example> "title" )',
  '[a [nested](https://evil.example)](https://evil.example)',
  'join discord.gg/abcdef or https://discord.com/invite/abcdef',
  '||hidden|| <t:1700000000:R> :wave: <:x:123456789012345678> </claude:123456789012345678>',
  '# ✅ r142 succeeded\n## **Approved**\n-# small\n>>> all of it',
  '`<@123456789012345678>` ``a`b`` ``` @everyone',
  '```\nno end @everyone\n<@123456789012345678>',
  '~~~\ntilde ``` fence\n~~~\n@everyone',
  '````md\n```js\nx\n```\n````\n<@123456789012345678>',
  '`unclosed <@123456789012345678>\n\nnext ` <@123456789012345678>',
  'turn\u202eed and hid\u200bden <\u200b@123456789012345678> @\u2060everyone',
  '| a | b |\n| --- | --- |\n| @everyone | <@123456789012345678> |',
  '\\ \\https://evil.example \\',
  '<https://evil.example> <http://evil.example|text>',
  '*https://evil.example/a_b_c* **https://evil.example/**bold',
  '```\n`````https://evil.example @everyone',
  '`` ``-# small',
  '[ ]()# large',
  String.raw`\\` + '```https://evil.example``',
];

test.each(hostile)('%j does nothing on Discord', (markdown) => {
  expect(whatActs(renderClaude(markdown))).toEqual([]);
});

test('no mixture of hostile pieces does anything', () => {
  const addresses = ['https://evil.example', 'discord.gg/abc', '@everyone', '<@123456789012345678>', ':x:'];
  const marks = ['`', '``', '```', '~~~', '\\', '[', '](', ')', '<', '>', '||', '|', '#', '-#', '*', '_', '!', '"'];
  const pieces = fc.constantFrom(...addresses, ...marks, 'a', ' ', '\n');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
      expect(whatActs(renderClaude(list.join('')))).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ['**bold** and *more*, `code`', '**bold** and *more*, `code`'],
  ['- one\n- two\n\n1. first', '- one\n- two\n\n1. first'],
  ['## Done\ntext', '**Done**\ntext'],
  ['```ts\nlet a = 1;\n```', '```ts\nlet a = 1;\n```'],
  ['see [the docs](https://docs.example/a)', 'see the docs (<https://docs.example/a>)'],
  ['see https://docs.example/a_b.', 'see <https://docs.example/a_b>.'],
  ['[README](docs/README.md)', 'README (docs/README.md)'],
  ['| a | b |\n| - | - |\n| 1 | 2 |\nafter', '```\n| a | b |\n| - | - |\n| 1 | 2 |\n```\nafter'],
])('%j is shown as %j', (markdown, shown) => {
  expect(renderClaude(markdown)).toBe(shown);
});

test.each(['[', '[a](', '`', '``a', '<', '\\', '| a |\n', '```\n', '![a](b '])(
  '%j a thousand times over takes no time',
  (piece) => {
    const started = performance.now();
    expect(whatActs(renderClaude(piece.repeat(20_000 / piece.length)))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  },
);
