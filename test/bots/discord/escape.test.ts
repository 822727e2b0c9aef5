import { expect, test } from 'vitest';

import { codeBlock, escapeText, inlineCode } from '../../../src/bots/discord/escape.ts';
import { renderClaude } from '../../../src/bots/discord/render-claude.ts';
import { whatActs } from './what-acts.ts';

test.each([
  '@everyone and @here',
  '<@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>',
  String.raw`\<@123456789012345678> \\<@123456789012345678>`,
  '**bold** __under__ *it* _it_ ~~gone~~ ||spoiler|| `code` ```block```',
  '# heading\n## heading\n-# small\n> quote\n>>> quote\n- list\n+ list\n1. list',
  '[text](https://evil.example) https://evil.example/x <https://evil.example>',
  'discord.gg/abc DISCORD.com/invite/abc discordapp.com/invite/abc',
  ':smile: <:smile:123456789012345678> <t:1700000000:R> </claude:123456789012345678> <id:customize>',
  'turned \u202eround\u202c, hid\u200bden\u2066, \u{e0041}tag',
])('%j is shown letter by letter', (text) => {
  const escaped = escapeText(text);
  expect(whatActs(escaped)).toEqual([]);
  expect(escaped).not.toMatch(/(?<!\\)(?:\\\\)*[*_~`|[]/);
  expect(escaped).not.toMatch(/^(?:[#>+-]|\d+\.)/m);
});

test('plain words stay as they are, emoji and times included', () => {
  const text = '✅ succeeded on attempt 2 · 21 min · about $1.12 (at 02:00:10) a-b a+b x#1 👩‍💻';
  expect(escapeText(text)).toBe(text);
});

test.each([
  ['npm test', '`npm test`'],
  ['a `b` c', '`` a `b` c ``'],
  ['a ``` b', '`a ˋˋˋ b`'],
  ['two\n lines', '`two lines`'],
  ['  ', ''],
])('code %j is written as %j', (text, written) => {
  expect(inlineCode(text)).toBe(written);
});

test.each([escapeText, inlineCode, codeBlock, renderClaude])('%o leaves no half of a character', (render) => {
  expect(render('cut \ud83d off, \udc49 too')).toContain('cut \ufffd off, \ufffd too');
});

test('nothing in a block of code ends it', () => {
  const block = codeBlock('a\n```\n@everyone\n````js\nb\n\n');
  expect(block.match(/```/g)).toHaveLength(2);
  expect(whatActs(block)).toEqual([]);
});
