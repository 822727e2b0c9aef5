import type { IncomingHttpHeaders } from 'node:http';

/** A request of an agent's turn or of a side call (a title and the like: no tools), as the server received it. */
export interface RecordedRequest {
  /** The first user message: Claude Code's reminders and the prompt. */
  prompt: string;
  /** What Claude Code added since the last assistant message: the prompt, or results of tools. */
  latest: string;
  body: MessagesBody;
  headers: IncomingHttpHeaders;
  sessionId: string | undefined;
  isSideCall: boolean;
  /** 1 is the first conversation with tools that the server saw. 0 for side calls. */
  conversation: number;
  /** 1 is a conversation's first turn; counted by the assistant messages, so that a retried request has the same one. */
  turn: number;
  /** 1 the first time that this turn is asked for, 2 when the CLI tries again. */
  tryNumber: number;
}

export interface MessagesBody {
  model: string;
  stream?: boolean;
  messages: { role: 'user' | 'assistant'; content: string | Record<string, unknown>[] }[];
  system?: unknown;
  tools?: { name: string }[];
  metadata?: { user_id?: string };
}

export type AnswerBlock =
  | { type: 'text'; text: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'tool_use'; name: string; input: Record<string, unknown> };

/** Slow streaming: so many characters of each block at a time. */
export interface Drip {
  characters: number;
  everyMs: number;
}

export type Turn =
  | { kind: 'answer'; blocks: AnswerBlock[]; drip?: Drip }
  /** The stream starts, gives half of its last block, and the connection breaks. */
  | { kind: 'cut'; blocks: AnswerBlock[] }
  | { kind: 'fail'; status: number; body: unknown; headers: Record<string, string> }
  /** No answer, ever. */
  | { kind: 'hang' };

export type ScriptedTurn = Turn | ((request: RecordedRequest) => Turn);

/** The turns of one conversation. `when` picks the conversations it is for, by their prompt; it may serve many. */
export type Conversation = ScriptedTurn[] | { when: RegExp; turns: ScriptedTurn[] };

/**
 * Conversations in the order in which they begin: attempt 1, attempt 2; a subagent's is one of its own, best picked by
 * `when`. Or a function that answers every request with tools.
 */
export type Script = Conversation[] | ((request: RecordedRequest) => Turn);

export const say = (text: string): Turn => ({ kind: 'answer', blocks: [{ type: 'text', text }] });

export const useTool = (name: string, input: Record<string, unknown>): Turn => ({
  kind: 'answer',
  blocks: [{ type: 'tool_use', name, input }],
});

export const think = (thinking: string): Turn => ({
  kind: 'answer',
  blocks: [{ type: 'thinking', thinking, signature: 'c2NyaXB0ZWQ=' }],
});

/** One answer with the blocks of several: `together(say('Now the tests.'), bash('npm test'))`. */
export function together(...turns: Turn[]): Turn {
  return { kind: 'answer', blocks: turns.flatMap((turn) => blocksOf(turn)) };
}

export const cutStream = (turn: Turn): Turn => ({ kind: 'cut', blocks: blocksOf(turn) });
export const hang = (): Turn => ({ kind: 'hang' });
export const drip = (turn: Turn, drip: Drip): Turn => ({ kind: 'answer', blocks: blocksOf(turn), drip });

/** An error of the API. `type` is that of its body: `authentication_error`, `rate_limit_error`, `overloaded_error`. */
export const fail = (status: number, type: string, message: string, headers: Record<string, string> = {}): Turn => ({
  kind: 'fail',
  status,
  body: { type: 'error', error: { type, message } },
  headers,
});

/** Another turn for each time that the same one is asked for; the last one stays. */
export function tries(...turns: [Turn, ...Turn[]]): ScriptedTurn {
  return (request) => turns[Math.min(request.tryNumber, turns.length) - 1] ?? turns[0];
}

export const bash = (command: string, more: Record<string, unknown> = {}): Turn =>
  useTool('Bash', { command, description: `Run ${command}`, ...more });
export const write = (path: string, content: string): Turn => useTool('Write', { file_path: path, content });
export const read = (path: string): Turn => useTool('Read', { file_path: path });
export const edit = (path: string, from: string, to: string): Turn =>
  useTool('Edit', { file_path: path, old_string: from, new_string: to });

/** What a judge answers by its `--json-schema`: the CLI offers that as a tool. */
export const verdict = (verdict: 'pass' | 'fail' | 'undecided', evidence: string, places: string[] = []): Turn =>
  useTool('StructuredOutput', { verdict, evidence, places });

function blocksOf(turn: Turn): AnswerBlock[] {
  if (turn.kind === 'answer' || turn.kind === 'cut') return turn.blocks;
  throw new Error(`a turn that is a ${turn.kind} has no content`);
}

/** What the API answers when a subscription's usage limit is reached. The CLI does not retry it. */
export const usageLimit = (resetsAt: Date): Turn =>
  fail(429, 'rate_limit_error', "This request would exceed your account's rate limit.", {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'anthropic-ratelimit-unified-reset': String(Math.floor(resetsAt.getTime() / 1000)),
  });
