import { describe, expect, test } from 'vitest';

import { createCommandHarness, listMarked } from './command-harness.ts';

const small = { firstLineMs: 200, stallMs: 200, hangMs: 200, backgroundMs: 200, interruptGraceMs: 50 };
const say = (line: unknown) => `echo '${JSON.stringify(line)}'`;
const stay = 'exec -a "$MARK" sleep 600';
const result = { type: 'result', subtype: 'success' };
const toolCall = (id: string, input: object) => ({
  type: 'assistant',
  parent_tool_use_id: null,
  message: { id: 'm1', content: [{ type: 'tool_use', id, name: 'Bash', input }] },
});
const tasks = (...ids: string[]) => ({
  type: 'system',
  subtype: 'background_tasks_changed',
  tasks: ids.map((id) => ({ task_id: id })),
});

describe('claude is ended', () => {
  test.each([
    { title: 'stalled, when it never says a word', script: stay, limits: small, end: 'stalled' },
    {
      title: 'stalled, when it falls silent in a turn',
      script: `${say({ type: 'system', subtype: 'init' })}; ${stay}`,
      limits: { ...small, firstLineMs: 20_000 },
      end: 'stalled',
    },
    {
      title: 'timed-out, when a tool call without a limit of its own stays open',
      script: `${say(toolCall('t', {}))}; ${stay}`,
      limits: { ...small, firstLineMs: 20_000, timeoutMs: 600 },
      end: 'timed-out',
    },
    {
      title: 'hung, when it lives on after its result',
      script: `${say(result)}; ${stay}`,
      limits: { ...small, firstLineMs: 20_000, stallMs: 20_000, backgroundMs: 20_000 },
      end: 'hung',
    },
    {
      title: 'background-ended, when tasks stay open after its result',
      script: `${say(tasks('b'))}; ${say(result)}; ${stay}`,
      limits: { ...small, firstLineMs: 20_000, stallMs: 20_000, hangMs: 20_000 },
      end: 'background-ended',
    },
  ])('$title', async ({ script, limits, end }) => {
    const { shell, mark } = createCommandHarness();
    const outcome = await shell(script, { kind: 'claude', limits }).outcome;
    expect(outcome).toMatchObject({ end, signal: 'SIGINT' });
    expect(listMarked(mark)).toEqual([]);
  });

  test('not while it speaks, nor when it ends after several results', async () => {
    const { shell } = createCommandHarness();
    const speaking = `for _ in {1..20}; do sleep 0.05; ${say({ type: 'stream_event', parent_tool_use_id: null })}; done`;
    const script = `${speaking}; ${say(tasks('b'))}; ${say(result)}; sleep 0.1; ${say(tasks())}; ${say({ type: 'system', subtype: 'init' })}; sleep 0.1; ${say(result)}`;
    const limits = { ...small, firstLineMs: 20_000, stallMs: 800, backgroundMs: 800, hangMs: 800 };
    expect(await shell(script, { kind: 'claude', limits }).outcome).toMatchObject({ end: 'exited', exitCode: 0 });
  });

  test('not while a busy host lets it say its first word late', async () => {
    const { shell } = createCommandHarness();
    const limits = { ...small, firstLineMs: 20_000, hangMs: 20_000 };
    const outcome = await shell(`sleep 0.8; ${say(result)}`, { kind: 'claude', limits }).outcome;
    expect(outcome).toMatchObject({ end: 'exited', exitCode: 0 });
  });

  test('a shell may be silent', async () => {
    const { shell } = createCommandHarness();
    expect(await shell('sleep 0.4', { limits: small }).outcome).toMatchObject({ end: 'exited', exitCode: 0 });
  });
});
