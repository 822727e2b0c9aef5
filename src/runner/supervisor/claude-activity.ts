import type { CommandLimits } from '../command-request.ts';
import { fieldsOf, listOf, textOf, type Fields } from '../stream/json-fields.ts';

export type ActivityVerdict = 'working' | 'stalled' | 'hung' | 'background-ended';

/** Whether Claude Code is at work, from its stream of JSON lines. All times are of one monotonic clock. */
export interface ClaudeActivity {
  /** One line, parsed; `undefined` for one that is no JSON: it is a sign of life all the same. */
  see(line: unknown, nowMs: number): void;
  judge(nowMs: number): ActivityVerdict;
}

interface OpenCall {
  /** The tool call whose subagent made this one; `undefined` in the main thread. */
  thread: string | undefined;
  messageId: string | undefined;
  /** How long it may take by its own word. */
  limitMs: number;
}

/**
 * Silence over `firstLineMs` from the start is a stall. While a turn is open, silence over `stallMs` is one, unless a tool call is open: one that asked for a timeout may
 * be quiet for as long in addition, one that did not is left to the time limit. Background tasks don't excuse silence
 * here: a dev server says nothing about the model. A `result` line ends a turn, not the process; after it the process
 * has `hangMs` to end, or, while background tasks are open, `backgroundMs` since the last sign of work. Shapes as seen
 * with Claude Code 2.1.330.
 */
export function createClaudeActivity(
  limits: Pick<CommandLimits, 'firstLineMs' | 'stallMs' | 'hangMs' | 'backgroundMs'>,
  startMs: number,
): ClaudeActivity {
  const calls = new Map<string, OpenCall>();
  const tasks = createOpenTasks();
  let isTurnOpen = true;
  let hasSpoken = false;
  let lastLineMs = startMs;
  let lastWorkMs = startMs;

  const dropCalls = (isDropped: (call: OpenCall) => boolean) => {
    for (const [id, call] of calls) if (isDropped(call)) calls.delete(id);
  };

  function seeAssistant(line: Fields, thread: string | undefined): void {
    const message = fieldsOf(line['message']);
    const messageId = textOf(message['id']);
    // A thread's next message comes only when all calls of the one before have their results.
    dropCalls((call) => call.thread === thread && call.messageId !== messageId);
    for (const block of blocksOf(message, 'tool_use'))
      calls.set(textOf(block['id']) ?? '', { thread, messageId, limitMs: limitOf(block) });
  }

  function seeWork(line: Fields): void {
    const thread = textOf(line['parent_tool_use_id']);
    if (thread === undefined && line['type'] !== 'user') isTurnOpen = true;
    if (line['type'] === 'assistant') seeAssistant(line, thread);
    if (line['type'] !== 'user') return;
    for (const block of blocksOf(fieldsOf(line['message']), 'tool_result'))
      calls.delete(textOf(block['tool_use_id']) ?? '');
  }

  function seeSystem(line: Fields): boolean {
    const subtype = line['subtype'];
    if (subtype === 'init' || (subtype === 'status' && textOf(line['status']) !== undefined)) {
      isTurnOpen = true;
      return true;
    }
    // A task that was stopped leaves its subagent's calls without results.
    const maker = textOf(line['tool_use_id']);
    if (subtype === 'task_notification' && maker !== undefined) dropCalls((call) => call.thread === maker);
    return tasks.see(line);
  }

  return {
    see(value, nowMs) {
      const line = fieldsOf(value);
      hasSpoken = true;
      lastLineMs = nowMs;
      switch (line['type']) {
        case 'assistant':
        case 'user':
        case 'stream_event':
          lastWorkMs = nowMs;
          return seeWork(line);
        case 'system':
          if (seeSystem(line)) lastWorkMs = nowMs;
          return undefined;
        case 'result':
          isTurnOpen = false;
          lastWorkMs = nowMs;
          return dropCalls((call) => call.thread === undefined);
        default:
          return undefined;
      }
    },

    judge(nowMs) {
      if (isTurnOpen) {
        const silenceMs = hasSpoken ? limits.stallMs : limits.firstLineMs;
        // Calls of one message may run one after the other.
        const quietMs = [...calls.values()].reduce((sum, call) => sum + call.limitMs, silenceMs);
        return nowMs - lastLineMs >= quietMs ? 'stalled' : 'working';
      }
      const idleMs = nowMs - lastWorkMs;
      if (tasks.areOpen()) return idleMs >= limits.backgroundMs ? 'background-ended' : 'working';
      return idleMs >= limits.hangMs ? 'hung' : 'working';
    },
  };
}

/** `background_tasks_changed` lists all that are open; where it never comes, starts and ends are counted. */
function createOpenTasks() {
  let open = new Set<string>();
  let isListed = false;

  return {
    areOpen: () => open.size > 0,
    /** Whether the line told of a task. */
    see(line: Fields): boolean {
      const id = textOf(line['task_id']) ?? '';
      switch (line['subtype']) {
        case 'background_tasks_changed':
          isListed = true;
          open = new Set(listOf(line['tasks']).map((task) => textOf(fieldsOf(task)['task_id']) ?? ''));
          return true;
        case 'task_started':
          // One in the foreground is an open tool call.
          if (!isListed && line['is_backgrounded'] !== false) open.add(id);
          return true;
        case 'task_notification':
          open.delete(id);
          return true;
        case 'task_progress':
          return true;
        default:
          return false;
      }
    },
  };
}

function limitOf(call: Fields): number {
  const timeoutMs = fieldsOf(call['input'])['timeout'];
  // Other tools count theirs in other units.
  return call['name'] === 'Bash' && typeof timeoutMs === 'number' && timeoutMs > 0 ? timeoutMs : Infinity;
}

function blocksOf(message: Fields, type: string): Fields[] {
  return listOf(message['content'])
    .map(fieldsOf)
    .filter((block) => block['type'] === type);
}
