import type { IncomingHttpHeaders } from 'node:http';

import {
  say,
  type Conversation,
  type MessagesBody,
  type RecordedRequest,
  type Script,
  type ScriptedTurn,
  type Turn,
} from './script.ts';

export type ScriptReader = (
  body: MessagesBody,
  headers: IncomingHttpHeaders,
) => { recorded: RecordedRequest; turn: Turn };

/** Finds the turn that a request asks for. What the script lacks is an error that the CLI shows in its result. */
export function createScriptReader(script: Script): ScriptReader {
  const conversations = new Map<string, { number: number; turns: ScriptedTurn[] }>();
  const tries = new Map<string, number>();
  const inOrder = typeof script === 'function' ? [] : script.filter((one) => Array.isArray(one));

  function conversationOf(key: string, prompt: string): { number: number; turns: ScriptedTurn[] } {
    const known = conversations.get(key);
    if (known !== undefined) return known;
    const number = conversations.size + 1;
    const conversation = { number, turns: typeof script === 'function' ? [] : turnsFor(script, prompt) };
    conversations.set(key, conversation);
    return conversation;
  }

  function turnsFor(script: Conversation[], prompt: string): ScriptedTurn[] {
    const picked = script.find((one) => !Array.isArray(one) && one.when.test(prompt));
    const turns = picked !== undefined && !Array.isArray(picked) ? picked.turns : inOrder.shift();
    if (turns === undefined) throw new Error(`the script has no conversation for: ${prompt.slice(-200)}`);
    return turns;
  }

  return (body, headers) => {
    const prompt = textOf(body.messages.find((message) => message.role === 'user')?.content ?? '');
    const sessionId = sessionOf(body, headers);
    const isSideCall = (body.tools ?? []).length === 0;
    const recorded = { prompt, latest: latestOf(body), body, headers, sessionId, isSideCall };
    if (isSideCall) return { recorded: { ...recorded, conversation: 0, turn: 0, tryNumber: 0 }, turn: say('A title') };

    const key = `${sessionId ?? ''} ${prompt}`;
    const conversation = conversationOf(key, prompt);
    const turn = 1 + body.messages.filter((message) => message.role === 'assistant').length;
    const tryNumber = 1 + (tries.get(`${turn} ${key}`) ?? 0);
    tries.set(`${turn} ${key}`, tryNumber);
    const whole = { ...recorded, conversation: conversation.number, turn, tryNumber };
    const scripted = typeof script === 'function' ? script : conversation.turns[turn - 1];
    if (scripted === undefined)
      throw new Error(`the script has no turn ${turn} in conversation ${conversation.number}`);
    return { recorded: whole, turn: typeof scripted === 'function' ? scripted(whole) : scripted };
  };
}

function latestOf(body: MessagesBody): string {
  const last = body.messages.findLastIndex((message) => message.role === 'assistant');
  return body.messages
    .slice(last + 1)
    .map((message) => textOf(message.content))
    .join('\n');
}

/** The text of a message; of the result of a tool too, whether it is a string or blocks. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block: Record<string, unknown>) =>
      typeof block['text'] === 'string' ? block['text'] : textOf(block['content']),
    )
    .join('\n');
}

function sessionOf(body: MessagesBody, headers: IncomingHttpHeaders): string | undefined {
  const header = headers['x-claude-code-session-id'];
  if (typeof header === 'string') return header;
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(body.metadata?.user_id ?? '')?.[0];
}
