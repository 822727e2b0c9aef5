import type { Fields } from './json-fields.ts';

export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export type ContentBlock =
  | { kind: 'text'; text: string }
  | { kind: 'tool-use'; id: string; name: string; input: Fields }
  /** `wasInterrupted`: the tool did not fail, it was stopped from outside, as by SIGINT. `text` is all `parts`, in lines. */
  | {
      kind: 'tool-result';
      toolUseId: string;
      isError: boolean;
      wasInterrupted: boolean;
      parts: string[];
      text: string;
    };

export interface DeniedTool {
  toolUseId: string;
  tool: string;
  /** `undefined` on the line that tells of the denial; a `result` line has it. */
  input: Fields | undefined;
}

/** A command or, with `isAgent`, a subagent that Claude started. */
export interface Task {
  taskId: string;
  description: string;
  isAgent: boolean;
}

/** What one line of Claude Code's stream says, as far as nightdesk needs it. `parent`: the tool call of the subagent. */
export type ClaudeEvent =
  | {
      kind: 'init';
      sessionId: string | null;
      model: string | null;
      cliVersion: string | null;
      keySource: string | null;
      cwd: string | null;
    }
  | { kind: 'assistant'; messageId: string; parent: string | null; content: ContentBlock[]; usage: Tokens }
  /** The CLI's own words in the place of an answer. */
  | { kind: 'api-error'; status: number | null; error: string; text: string }
  | { kind: 'user'; parent: string | null; content: ContentBlock[] }
  /** A piece of an answer under way; `usage` is a running total of that answer. */
  | { kind: 'partial'; parent: string | null; messageId: string | undefined; usage: Tokens | undefined }
  | {
      kind: 'api-retry';
      attempt: number;
      maxRetries: number;
      delayMs: number;
      status: number | null;
      error: string;
    }
  | { kind: 'rate-limit'; isReached: boolean; resetsAtMs: number | null; limit: string }
  | { kind: 'task-started'; task: Task; toolUseId: string | undefined; isBackground: boolean }
  /** `toolUseId`: the call that began the task; a subagent's own calls have it for a parent. */
  | { kind: 'task-ended'; taskId: string; toolUseId: string | undefined; status: string; summary: string }
  /** All background tasks that are open now. */
  | { kind: 'background-tasks'; tasks: Task[] }
  | { kind: 'permission-denied'; denied: DeniedTool }
  | { kind: 'compacted' }
  | ResultEvent
  /** A type that means nothing here: a sign of life all the same. */
  | { kind: 'other' }
  /** No JSON object. */
  | { kind: 'broken' };

/** The end of a turn, not of the process. Cost and tokens are totals of the process, `turns` and `durationMs` are not. */
export interface ResultEvent {
  kind: 'result';
  subtype: string;
  isError: boolean;
  apiErrorStatus: number | null;
  terminalReason: string | null;
  text: string;
  /** The answer to a `--json-schema`; a call may end well without one. */
  structuredOutput: unknown;
  costUsd: number | null;
  /** From `modelUsage`, which has the subagents in it; `null` where the line has none. */
  tokens: Tokens | null;
  turns: number;
  durationMs: number | null;
  denials: DeniedTool[];
}

/** `atMs`: when the CLI says that it was, which most lines don't. */
export type ClaudeLine = ClaudeEvent & { atMs: number | undefined };
