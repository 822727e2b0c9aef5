import { expect, test } from 'vitest';

import { createClaudeActivity, type ActivityVerdict } from '../../../src/runner/supervisor/claude-activity.ts';

const limits = { firstLineMs: 2000, stallMs: 900, hangMs: 15, backgroundMs: 600 };

const main = { parent_tool_use_id: null };
const speak = { type: 'stream_event', ...main, event: {} };
const init = { type: 'system', subtype: 'init' };
const result = { type: 'result', subtype: 'success', is_error: false };
const system = (subtype: string, rest: object = {}) => ({ type: 'system', subtype, ...rest });
const open = (...ids: string[]) => system('background_tasks_changed', { tasks: ids.map((id) => ({ task_id: id })) });
const call = (id: string, input: object = {}, more: { message?: string; parent?: string; name?: string } = {}) => ({
  type: 'assistant',
  parent_tool_use_id: more.parent ?? null,
  message: { id: more.message ?? 'm1', content: [{ type: 'tool_use', id, name: more.name ?? 'Bash', input }] },
});
const answer = (id: string, parent: string | null = null) => ({
  type: 'user',
  parent_tool_use_id: parent,
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'done' }] },
});
const words = (message: string, parent: string | null = null) => ({
  type: 'assistant',
  parent_tool_use_id: parent,
  message: { id: message, content: [{ type: 'text', text: 'and now' }] },
});

/** Lines by their time; then the moment of the question. */
interface Case {
  title: string;
  lines: [number, unknown][];
  at: number;
  verdict: ActivityVerdict;
}

const cases: Case[] = [
  { title: 'a start may be silent for the limit of its own', lines: [], at: 1999, verdict: 'working' },
  { title: 'a start that stays silent is a stall', lines: [], at: 2000, verdict: 'stalled' },
  { title: 'after the first line the stall limit holds', lines: [[0, init]], at: 900, verdict: 'stalled' },
  { title: 'each line is a sign of life', lines: [[800, speak]], at: 1699, verdict: 'working' },
  { title: 'a line of an unknown type too', lines: [[800, { type: 'new_thing' }]], at: 1699, verdict: 'working' },
  { title: 'and one that is no JSON', lines: [[800, undefined]], at: 1699, verdict: 'working' },
  { title: 'silence after the last line is a stall', lines: [[800, speak]], at: 1700, verdict: 'stalled' },

  { title: 'an open tool call without a limit may be quiet', lines: [[0, call('t')]], at: 1e9, verdict: 'working' },
  {
    title: 'an open tool call may be quiet for as long as it asked for',
    lines: [[0, call('t', { timeout: 5000 })]],
    at: 5899,
    verdict: 'working',
  },
  {
    title: 'a tool call that is quiet for longer than it asked for is a stall',
    lines: [[0, call('t', { timeout: 5000 })]],
    at: 5900,
    verdict: 'stalled',
  },
  {
    title: 'calls of one message may run one after the other',
    lines: [
      [0, call('t', { timeout: 5000 })],
      [0, call('u', { timeout: 3000 })],
    ],
    at: 8899,
    verdict: 'working',
  },
  {
    title: 'the timeout of another tool is of an unknown unit',
    lines: [[0, call('t', { timeout: 5 }, { name: 'mcp__db__query' })]],
    at: 1e9,
    verdict: 'working',
  },
  {
    title: 'a tool call that was answered excuses nothing',
    lines: [
      [0, call('t')],
      [100, answer('t')],
    ],
    at: 1000,
    verdict: 'stalled',
  },
  {
    title: 'one answer of two leaves the other open',
    lines: [
      [0, call('t')],
      [0, call('u')],
      [100, answer('t')],
    ],
    at: 1e9,
    verdict: 'working',
  },
  {
    title: 'the next message closes calls whose answer was too long to read',
    lines: [
      [0, call('t')],
      [100, { type: 'user' }],
      [200, words('m2')],
    ],
    at: 1100,
    verdict: 'stalled',
  },
  {
    title: 'words of a subagent close no call of the main thread',
    lines: [
      [0, call('agent')],
      [100, words('s1', 'agent')],
    ],
    at: 1e9,
    verdict: 'working',
  },
  {
    title: 'a tool call of a background subagent may be quiet',
    lines: [
      [0, call('agent', {}, { name: 'Agent' })],
      [1, open('a1')],
      [2, answer('agent')],
      [3, call('s', {}, { parent: 'agent', message: 's1' })],
      [4, words('m2')],
    ],
    at: 1e9,
    verdict: 'working',
  },
  {
    title: 'a subagent that was stopped has no open call any more',
    lines: [
      [0, call('s', {}, { parent: 'agent', message: 's1' })],
      [10, system('task_notification', { task_id: 'a1', tool_use_id: 'agent', status: 'stopped' })],
    ],
    at: 910,
    verdict: 'stalled',
  },
  {
    title: 'a dev server in the background does not excuse a silent model',
    lines: [
      [0, open('b1')],
      [10, speak],
    ],
    at: 910,
    verdict: 'stalled',
  },

  { title: 'after a result the process may take a moment', lines: [[100, result]], at: 114, verdict: 'working' },
  { title: 'a process that lives on after its result hangs', lines: [[100, result]], at: 115, verdict: 'hung' },
  {
    title: 'a result whose line was too long is one as well',
    lines: [[100, { type: 'result' }]],
    at: 115,
    verdict: 'hung',
  },
  {
    title: 'lines that mean no work don’t put the hang off',
    lines: [
      [100, result],
      [110, { type: 'rate_limit_event' }],
      [112, system('status', { status: null })],
    ],
    at: 115,
    verdict: 'hung',
  },
  {
    title: 'a call left open by a result excuses nothing',
    lines: [
      [0, call('t')],
      [100, result],
    ],
    at: 115,
    verdict: 'hung',
  },
  {
    title: 'after a result an open background task is work',
    lines: [
      [0, open('b1')],
      [100, result],
    ],
    at: 699,
    verdict: 'working',
  },
  {
    title: 'background tasks that stay open are ended',
    lines: [
      [0, open('b1')],
      [100, result],
    ],
    at: 700,
    verdict: 'background-ended',
  },
  {
    title: 'a background subagent that works puts that off',
    lines: [
      [0, open('a1')],
      [100, result],
      [500, words('s1', 'agent')],
    ],
    at: 1099,
    verdict: 'working',
  },
  {
    title: 'when the last task has ended the process may take a moment',
    lines: [
      [0, open('b1', 'b2')],
      [100, result],
      [300, open('b2')],
      [400, open()],
    ],
    at: 414,
    verdict: 'working',
  },
  {
    title: 'then it hangs',
    lines: [
      [0, open('b1')],
      [100, result],
      [400, open()],
    ],
    at: 415,
    verdict: 'hung',
  },
  {
    title: 'a new turn after a result may be as silent as any',
    lines: [
      [0, open('b1')],
      [100, result],
      [400, open()],
      [401, init],
    ],
    at: 1300,
    verdict: 'working',
  },
  {
    title: 'its second result counts anew',
    lines: [
      [100, result],
      [101, init],
      [300, words('m2')],
      [500, result],
    ],
    at: 515,
    verdict: 'hung',
  },
  {
    title: 'without a list of tasks, a start opens one',
    lines: [
      [0, system('task_started', { task_id: 'b1' })],
      [100, result],
    ],
    at: 500,
    verdict: 'working',
  },
  {
    title: 'and a notification closes it',
    lines: [
      [0, system('task_started', { task_id: 'b1' })],
      [100, result],
      [200, system('task_notification', { task_id: 'b1' })],
    ],
    at: 215,
    verdict: 'hung',
  },
  {
    title: 'a task in the foreground is none of the background',
    lines: [
      [0, system('task_started', { task_id: 'b1', is_backgrounded: false })],
      [100, result],
    ],
    at: 115,
    verdict: 'hung',
  },
  {
    title: 'where there is a list, it alone counts',
    lines: [
      [0, open('b1')],
      [1, system('task_started', { task_id: 'b9', is_backgrounded: true })],
      [50, open()],
      [100, result],
    ],
    at: 115,
    verdict: 'hung',
  },
  {
    title: 'odd shapes do no harm',
    lines: [
      [0, null],
      [0, 'text'],
      [0, { type: 'assistant', message: { content: 'text' } }],
      [0, { type: 'user', message: null }],
      [0, { type: 'system', subtype: 'background_tasks_changed', tasks: null }],
    ],
    at: 900,
    verdict: 'stalled',
  },
];

test.each(cases)('$title', ({ lines, at, verdict }) => {
  const activity = createClaudeActivity(limits, 0);
  for (const [nowMs, line] of lines) activity.see(line, nowMs);
  expect(activity.judge(at)).toBe(verdict);
});
