import { expect, test } from 'vitest';

import { createLineReader } from '../../../src/runner/stream/json-lines.ts';

type Seen = string | { type: string | undefined; bytes: number };

function read(chunks: Buffer[], maxLineBytes?: number): Seen[] {
  const seen: Seen[] = [];
  const reader = createLineReader({
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    onLine: (line) => seen.push(line),
    onLongLine: (type, bytes) => seen.push({ type, bytes }),
  });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return seen;
}

/** Every way to cut the text in two, and the text byte by byte. */
function cuts(text: string): Buffer[][] {
  const bytes = Buffer.from(text);
  const inTwo = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [...inTwo, Array.from(bytes, (byte) => Buffer.from([byte]))];
}

test.each([
  ['', []],
  ['\n\n', []],
  ['{"a":1}', ['{"a":1}']],
  ['{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['one\r\ntwo\r\n', ['one', 'two']],
  ['{"text":"héllo 👩‍🔧 ✓"}\nnext\n', ['{"text":"héllo 👩‍🔧 ✓"}', 'next']],
])('%j is the same lines wherever it is cut', (text, lines) => {
  for (const chunks of [[Buffer.from(text)], ...cuts(text)]) expect(read(chunks)).toEqual(lines);
});

test('a line of just the limit is handed on, one byte more is not', () => {
  expect(read([Buffer.from('12345678\n')], 8)).toEqual(['12345678']);
  expect(read([Buffer.from('123456789\n')], 8)).toEqual([{ type: undefined, bytes: 9 }]);
});

const filler = 'x'.repeat(64);

test.each([
  ['in front', `{"type":"user","text":"${filler}"}`, 'user'],
  ['at the end', `{"text":"${filler}","n":1.5e3,"t":true,"type" : "assistant" }`, 'assistant'],
  ['after nested types', `{"m":{"type":"message","c":[{"type":"text"}]},"text":"${filler}","type":"user"}`, 'user'],
  ['nested alone', `{"m":{"type":"message"},"text":"${filler}"}`, undefined],
  ['inside a string with escaped quotes', `{"text":"\\",\\"type\\":\\"fake\\",${filler}\\\\","type":"real"}`, 'real'],
  ['as a value', `{"kind":"type","text":"${filler}","type":"real"}`, 'real'],
  ['as an element of an array', `{"list":["type","fake"],"text":"${filler}","type":"real"}`, 'real'],
  ['with brackets in strings', `{"text":"}]{[:,${filler}","type":"real"}`, 'real'],
  ['written with escapes', `{"text":"${filler}","t\\u0079pe":"tool\\u005fuse"}`, 'tool_use'],
  ['that is no string', `{"type":7,"text":"${filler}"}`, undefined],
  ['in an array', `["type","user","${filler}"]`, undefined],
  ['in no JSON at all', `type: user ${filler}`, undefined],
  ['over a hundred bytes long', `{"type":"${filler}${filler}${filler}"}`, undefined],
])('of a line over the limit, the type %s is found wherever it is cut', (_, line, type) => {
  const expected: Seen[] = ['before', { type, bytes: Buffer.byteLength(line) }, 'after'];
  for (const chunks of cuts(`before\n${line}\nafter`)) expect(read(chunks, 32)).toEqual(expected);
});

test('a long line with no end yet is told at the end', () => {
  expect(read([Buffer.from(`{"type":"user","text":"${filler}`)], 32)).toEqual([{ type: 'user', bytes: 87 }]);
});

test('a chunk may be written over once it was pushed', () => {
  const chunk = Buffer.from('{"a":');
  const seen: string[] = [];
  const reader = createLineReader({ onLine: (line) => seen.push(line), onLongLine: () => {} });
  reader.push(chunk);
  chunk.fill(0x20);
  reader.push(Buffer.from('1}\n'));
  expect(seen).toEqual(['{"a":1}']);
});
