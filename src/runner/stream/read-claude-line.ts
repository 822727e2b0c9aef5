import type { ClaudeEvent, ClaudeLine, Task } from './claude-line.ts';
import { readAnswer, readPartial, readUser } from './read-message.ts';
import { readResult } from './read-result.ts';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from './json-fields.ts';

/**
 * Reads one line of `claude --output-format stream-json`. Never throws: a line that is no JSON object is `broken`, a type
 * or field of another version is passed over. Shapes as seen with 2.1.197 and 2.1.330.
 */
export function readClaudeLine(line: string): ClaudeLine {
  if (isPiece(line)) return { kind: 'partial', parent: null, messageId: undefined, usage: undefined, atMs: undefined };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'broken', atMs: undefined };
  const fields = fieldsOf(value);
  const atMs = Date.parse(textOf(fields['timestamp']) ?? '');
  return { ...readEvent(fields), atMs: Number.isNaN(atMs) ? undefined : atMs };
}

/** A piece of an answer that is being written. Most lines are such, and nothing of them is used. */
const isPiece = (line: string): boolean =>
  line.startsWith('{"type":"stream_event","event":{"type":"content_block_delta"') && line.endsWith('}');

function readEvent(fields: Fields): ClaudeEvent {
  switch (fields['type']) {
    case 'system':
      return readSystem(fields);
    case 'assistant':
      return readAnswer(fields);
    case 'user':
      return readUser(fields);
    case 'stream_event':
      return readPartial(fields);
    case 'rate_limit_event':
      return readRateLimit(fieldsOf(fields['rate_limit_info']));
    case 'result':
      return readResult(fields);
    default:
      return { kind: 'other' };
  }
}

function readSystem(fields: Fields): ClaudeEvent {
  switch (fields['subtype']) {
    case 'init':
      return {
        kind: 'init',
        sessionId: textOf(fields['session_id']) ?? null,
        model: textOf(fields['model']) ?? null,
        cliVersion: textOf(fields['claude_code_version']) ?? null,
        keySource: textOf(fields['apiKeySource']) ?? null,
        cwd: textOf(fields['cwd']) ?? null,
      };
    case 'api_retry':
      return {
        kind: 'api-retry',
        attempt: numberOf(fields['attempt']) ?? 0,
        maxRetries: numberOf(fields['max_retries']) ?? 0,
        delayMs: numberOf(fields['retry_delay_ms']) ?? 0,
        status: numberOf(fields['error_status']) ?? null,
        error: textOf(fields['error']) ?? 'unknown',
      };
    case 'permission_denied': {
      const toolUseId = textOf(fields['tool_use_id']) ?? '';
      const tool = textOf(fields['tool_name']) ?? 'a tool';
      return { kind: 'permission-denied', denied: { toolUseId, tool, input: undefined } };
    }
    case 'compact_boundary':
      return { kind: 'compacted' };
    default:
      return readTask(fields);
  }
}

const openTaskStatuses = new Set<unknown>(['pending', 'running', 'paused']);

function readTask(fields: Fields): ClaudeEvent {
  switch (fields['subtype']) {
    case 'task_started':
      return {
        kind: 'task-started',
        task: taskOf(fields),
        toolUseId: textOf(fields['tool_use_id']),
        isBackground: fields['is_backgrounded'] !== false,
      };
    case 'task_notification':
      return taskEnded(fields, fields['status']);
    case 'task_updated': {
      const patch = fieldsOf(fields['patch']);
      const isOpen = patch['status'] === undefined || openTaskStatuses.has(patch['status']);
      return isOpen ? { kind: 'other' } : taskEnded(fields, patch['status']);
    }
    case 'background_tasks_changed':
      return { kind: 'background-tasks', tasks: listOf(fields['tasks']).map(fieldsOf).map(taskOf) };
    default:
      return { kind: 'other' };
  }
}

function taskOf(fields: Fields): Task {
  return {
    taskId: textOf(fields['task_id']) ?? '',
    description: textOf(fields['description']) ?? 'a task',
    isAgent: fields['task_type'] === 'local_agent',
  };
}

function taskEnded(fields: Fields, status: unknown): ClaudeEvent {
  return {
    kind: 'task-ended',
    taskId: textOf(fields['task_id']) ?? '',
    toolUseId: textOf(fields['tool_use_id']),
    status: textOf(status) ?? 'ended',
    summary: textOf(fields['summary']) ?? '',
  };
}

function readRateLimit(info: Fields): ClaudeEvent {
  const resetsAt = numberOf(info['resetsAt']);
  return {
    kind: 'rate-limit',
    // With extra usage the CLI goes on although the plan's own limit is reached.
    isReached: info['status'] === 'rejected' && info['isUsingOverage'] !== true,
    resetsAtMs: resetsAt === undefined ? null : resetsAt * 1000,
    limit: textOf(info['rateLimitType']) ?? 'usage',
  };
}
