import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

import { createClaudeStream } from '../../../src/runner/stream/claude-stream.ts';
import { createLineReader } from '../../../src/runner/stream/json-lines.ts';
import { createMask } from '../../../src/runner/stream/mask.ts';
import { readClaudeLine } from '../../../src/runner/stream/read-claude-line.ts';
import { createTranscript } from '../../../src/runner/stream/transcript.ts';

const megabyte = 1_000_000;

/** Reader, fold and transcript as an attempt joins them; nothing of what they give is kept. */
function createPipeline() {
  const mask = createMask([{ name: 'TOKEN', value: 'hunter2hunter2' }]).text;
  const stream = createClaudeStream(mask);
  let written = 0;
  const transcript = createTranscript({ title: 't', startedAtMs: 0, write: (text) => (written += text.length), mask });
  const long: { type: string | undefined; bytes: number }[] = [];
  const reader = createLineReader({
    onLine(text) {
      const line = readClaudeLine(text);
      stream.push(line, 0);
      transcript.push(line, 0);
    },
    onLongLine(type, bytes) {
      long.push({ type, bytes });
      transcript.pushLong(type, bytes, 0);
    },
  });
  return { reader, stream, long, written: () => written };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the process holds, in bytes: the heap and, outside of it, the buffers. */
function heldBytes(): number {
  // Buffers of the first collection are counted until another thread has swept them; the second one waits for it.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('200 MB of tool output go through in flat memory', () => {
  const { reader, stream, written } = createPipeline();
  const text = 'a line of output that is not worth keeping\\n'.repeat(10_000);
  let peakBytes = 0;
  const beforeBytes = heldBytes();

  for (let sentBytes = 0, turn = 0; sentBytes < 200 * megabyte; turn += 1) {
    const call = `{"type":"assistant","message":{"id":"m${turn}","content":[{"type":"tool_use","id":"t${turn}","name":"Bash","input":{"command":"flood ${turn}"}}]}}`;
    const result = `{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t${turn}","content":"${text}"}]}}`;
    const bytes = Buffer.from(`${call}\n${result}\n`);
    for (let at = 0; at < bytes.length; at += 64 * 1024) reader.push(bytes.subarray(at, at + 64 * 1024));
    sentBytes += bytes.length;
    if (turn % 20 === 0) peakBytes = Math.max(peakBytes, heldBytes());
  }

  expect(stream.progress()).toMatchObject({ toolCalls: expect.any(Number), openTools: [], brokenLines: 0 });
  expect(stream.progress().toolCalls).toBeGreaterThan(400);
  expect(written()).toBeLessThan(2 * megabyte);
  expect(peakBytes - beforeBytes).toBeLessThan(10 * megabyte);
}, 120_000);

test('a line of 50 MB is named by its type and never held', () => {
  const { reader, stream, long } = createPipeline();
  const start = Buffer.from('{"message":{"type":"message","content":[{"type":"tool_result","content":"');
  const piece = Buffer.from('"type":"fake",'.repeat(4_000).replaceAll('"', '\\"'));
  const end = Buffer.from('"}]},"type":"user"}');
  const pieces = Math.ceil((50 * megabyte) / piece.length);
  let peakBytes = 0;
  const beforeBytes = heldBytes();

  reader.push(start);
  for (let sent = 0; sent < pieces; sent += 1) {
    reader.push(piece);
    if (sent % 50 === 0) peakBytes = Math.max(peakBytes, heldBytes());
  }
  reader.push(end);
  reader.push(Buffer.from('\n{"type":"result","subtype":"success","is_error":false,"result":"Done."}\n'));

  expect(long).toEqual([{ type: 'user', bytes: start.length + pieces * piece.length + end.length }]);
  expect(stream.report(0).result).toMatchObject({ subtype: 'success', text: 'Done.' });
  expect(peakBytes - beforeBytes).toBeLessThan(12 * megabyte);
});
