import { describe, expect, test } from 'vitest';

import { createClaudeStream, type ClaudeStream, type StreamReport } from '../../../src/runner/stream/claude-stream.ts';
import { createMask } from '../../../src/runner/stream/mask.ts';
import { readClaudeLine } from '../../../src/runner/stream/read-claude-line.ts';
import { fixtureStream, type StreamName } from '../../support/fixture-stream.ts';

test.each<[StreamName, Partial<StreamReport>]>([
  [
    'success',
    {
      sessionId: expect.any(String),
      cliVersion: '2.1.330',
      model: 'claude-opus-5-5',
      keySource: 'ANTHROPIC_API_KEY',
      result: {
        subtype: 'success',
        isError: false,
        apiErrorStatus: null,
        terminalReason: 'completed',
        text: 'Done: `src/a.ts` exports 2.',
      },
      tokens: { input: 6000, output: 400, cacheRead: 15_000, cacheWrite: 0 },
      turns: 6,
      toolCalls: 5,
      assistantMessages: 5,
      lastWords: 'Done: `src/a.ts` exports 2.',
      lastError: 'cat src/a.ts; echo oops >&2; exit 3: Exit code 3\nexport const a = 1;\noops',
      openTool: null,
    },
  ],
  // Two result lines: cost and tokens are those of the last, turns those of both.
  [
    'background-command',
    {
      costUsd: 0.020999999999999998,
      tokens: { input: 3600, output: 240, cacheRead: 9000, cacheWrite: 0 },
      turns: 3,
      lastWords: 'It has ended.',
    },
  ],
  [
    'background-agent',
    { tokens: { input: 6000, output: 400, cacheRead: 15_000, cacheWrite: 0 }, turns: 3, toolCalls: 2 },
  ],
  // `usage` leaves the subagent out, `modelUsage` has it.
  ['subagent', { tokens: { input: 4800, output: 320, cacheRead: 12_000, cacheWrite: 0 }, assistantMessages: 2 }],
  [
    'denied',
    {
      denials: [
        { tool: 'Bash', detail: 'npm publish' },
        { tool: 'Write', detail: 'src/a.ts' },
      ],
      result: expect.objectContaining({ isError: false }),
    },
  ],
  [
    'usage-limit',
    { limitResetsAtMs: Date.parse('2026-11-22T23:00:00Z'), assistantMessages: 0, lastWords: '', apiRetries: [] },
  ],
  ['api-key-limit', { limitResetsAtMs: null, lastError: expect.stringContaining('Request rejected (429)') }],
  [
    'not-logged-in',
    {
      result: expect.objectContaining({ subtype: 'success', isError: true, apiErrorStatus: 401 }),
      assistantMessages: 0,
    },
  ],
  [
    'overloaded',
    {
      apiRetries: [
        { status: 529, error: 'overloaded' },
        { status: null, error: 'unknown' },
      ],
      assistantMessages: 1,
    },
  ],
  [
    'budget',
    {
      result: expect.objectContaining({
        subtype: 'error_max_budget_usd',
        terminalReason: 'budget_exhausted',
        text: 'Reached maximum budget ($0.01)',
      }),
    },
  ],
  [
    'interrupted',
    {
      lastError: null,
      openTool: { summary: 'touch started; sleep 30; npm run e2e', openMs: expect.any(Number) },
      result: expect.objectContaining({ subtype: 'error_during_execution', text: '' }),
    },
  ],
])('the stream "%s" is read as what it was', (name, expected) => {
  const stream = createClaudeStream();
  for (const line of fixtureStream(name)) stream.push(line, 0);
  expect(stream.report(0)).toMatchObject(expected);
});

test('the cost is the total of the last result, never a sum', () => {
  const stream = createClaudeStream();
  push(stream, { type: 'result', subtype: 'success', total_cost_usd: 0.5, num_turns: 2 });
  push(stream, { type: 'result', subtype: 'success', total_cost_usd: 0.7, num_turns: 1 });
  expect(stream.report(0)).toMatchObject({ costUsd: 0.7, turns: 3 });
});

describe('a stream without a result', () => {
  const killed = fixtureStream('success').filter((line) => line.kind !== 'result');

  test('has the usage of each answer counted once, with the length that its end told', () => {
    const stream = createClaudeStream();
    for (const line of killed) stream.push(line, 0);
    expect(stream.report(0)).toMatchObject({
      result: null,
      costUsd: null,
      turns: 5,
      tokens: { input: 6000, output: 400, cacheRead: 15_000, cacheWrite: 0 },
    });
  });

  test('names the tool that was open when the process ended', () => {
    const stream = createClaudeStream();
    push(stream, callOf('t1', 'Bash', { command: 'npm run e2e' }, '2026-11-22T02:00:00Z'));
    expect(stream.report(Date.parse('2026-11-22T02:41:00Z')).openTool).toEqual({
      summary: 'npm run e2e',
      openMs: 41 * 60_000,
    });
  });
});

test.each([
  ['an unknown type', { type: 'telepathy', thoughts: [] }],
  ['an unknown system line', { type: 'system', subtype: 'weather' }],
  ['a message without content', { type: 'assistant', message: null }],
  ['a message of a string', { type: 'user', message: { content: 'hello' } }],
  ['blocks of unknown types', { type: 'assistant', message: { id: 'm', content: [{ type: 'hologram' }, 7, null] } }],
  ['a result without fields', { type: 'result' }],
  [
    'fields of other types',
    { type: 'result', subtype: 3, total_cost_usd: 'much', modelUsage: [], permission_denials: 1 },
  ],
  ['a limit without a time', { type: 'rate_limit_event', rate_limit_info: { status: 'rejected' } }],
  ['no type', {}],
])('%s is no error', (_, line) => {
  const stream = createClaudeStream();
  push(stream, line);
  expect(stream.progress()).toMatchObject({ toolCalls: 0, brokenLines: 0 });
});

test('a line that is no JSON object is counted and passed over', () => {
  const stream = createClaudeStream();
  for (const text of ['{"type":"result","subty', 'warning: x', '[]', '7', 'null']) stream.push(readClaudeLine(text), 0);
  push(stream, callOf('t1', 'Bash', { command: 'ls' }));
  expect(stream.progress()).toMatchObject({ brokenLines: 5, toolCalls: 1, current: 'ls' });
});

describe('progress', () => {
  test('tells the newest open tool call and how many there were', () => {
    const stream = createClaudeStream();
    push(stream, callOf('t1', 'Agent', { description: 'Look around', prompt: 'x' }));
    push(stream, callOf('t2', 'Bash', { command: 'npm test' }, undefined, 't1'));
    expect(stream.progress()).toMatchObject({ toolCalls: 2, current: 'npm test', subagents: 1 });
    push(stream, resultOf('t2'));
    expect(stream.progress()).toMatchObject({ current: 'Agent Look around' });
    push(stream, resultOf('t1'));
    expect(stream.progress()).toMatchObject({ toolCalls: 2, current: undefined, openTools: [], subagents: 0 });
  });

  test('does not keep a call open whose result was too long to read', () => {
    const stream = createClaudeStream();
    push(stream, callOf('t1', 'Bash', { command: 'cat huge' }));
    push(stream, { type: 'assistant', message: { id: 'later', content: [{ type: 'text', text: 'It is huge.' }] } });
    expect(stream.progress().openTools).toEqual([]);
  });

  test('tells what runs in the background, and a subagent there as a subagent', () => {
    const stream = createClaudeStream();
    const seen = new Set<string>();
    for (const line of fixtureStream('background-agent')) {
      stream.push(line, 0);
      const { subagents, backgroundTasks, openTools } = stream.progress();
      if (openTools.length === 0) seen.add(`${subagents} ${backgroundTasks.join()}`);
    }
    expect([...seen]).toEqual(['0 ', '1 Look around']);
  });

  test('masks what it tells', () => {
    const stream = createClaudeStream(createMask([{ name: 'API_TOKEN', value: 'hunter2hunter2' }]).text);
    push(stream, callOf('t1', 'Bash', { command: `curl ${'x'.repeat(150)} -H hunter2hunter2` }));
    expect(stream.progress().current).not.toMatch(/hunter2/);
    push(stream, resultOf('t1', 'refused: hunter2hunter2', true));
    expect(stream.report(0).lastError).toMatch(/refused: \[masked: API_TOKEN\]$/);
  });
});

test('a limit that no longer holds is forgotten', () => {
  const stream = createClaudeStream();
  const event = (info: object) => push(stream, { type: 'rate_limit_event', rate_limit_info: info });
  event({ status: 'rejected', resetsAt: 1_800_000_000, isUsingOverage: true });
  expect(stream.report(0).limitResetsAtMs).toBeNull();
  event({ status: 'rejected', resetsAt: 1_800_000_000 });
  expect(stream.report(0).limitResetsAtMs).toBe(1_800_000_000_000);
  event({ status: 'allowed', resetsAt: 1_800_000_000 });
  expect(stream.report(0).limitResetsAtMs).toBeNull();
});

function push(stream: ClaudeStream, line: object): void {
  stream.push(readClaudeLine(JSON.stringify(line)), 0);
}

function callOf(id: string, name: string, input: object, timestamp?: string, parent: string | null = null): object {
  return {
    type: 'assistant',
    message: { id: `message of ${id}`, content: [{ type: 'tool_use', id, name, input }] },
    parent_tool_use_id: parent,
    timestamp,
  };
}

function resultOf(id: string, content = 'ok', isError = false): object {
  return { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id, content, is_error: isError }] } };
}
