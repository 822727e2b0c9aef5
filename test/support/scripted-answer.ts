import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { AnswerBlock, Drip, Turn } from './script.ts';

type Answer = Extract<Turn, { kind: 'answer' | 'cut' }>;

const usage = {
  input_tokens: 1200,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 3000,
  output_tokens: 80,
};

/** An answer for a request without `stream`, which the CLI sends when a stream broke. */
export function answerJson(model: string, turn: Answer): unknown {
  return { ...head(model), content: turn.blocks.map(finished), stop_reason: stopReason(turn.blocks), usage };
}

/** The events of the Messages API, in their order. */
export async function answerStream(response: ServerResponse, model: string, turn: Answer): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (type: string, data: object): void => {
    if (!response.destroyed) response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  send('message_start', {
    message: { ...head(model), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  });
  const drip = turn.kind === 'answer' ? turn.drip : undefined;
  for (const [index, block] of turn.blocks.entries()) {
    send('content_block_start', { index, content_block: started(block) });
    const deltas = deltasOf(block, drip);
    const isCut = turn.kind === 'cut' && index === turn.blocks.length - 1;
    for (const delta of isCut ? deltas.slice(0, Math.ceil(deltas.length / 2)) : deltas) {
      if (drip !== undefined) await pause(drip.everyMs);
      if (response.destroyed) return;
      send('content_block_delta', { index, delta });
    }
    if (isCut) return void response.destroy();
    send('content_block_stop', { index });
  }
  send('message_delta', {
    delta: { stop_reason: stopReason(turn.blocks), stop_sequence: null },
    usage: { output_tokens: usage.output_tokens },
  });
  send('message_stop', {});
  response.end();
}

const head = (model: string): object => ({
  id: `msg_${randomUUID().replaceAll('-', '')}`,
  type: 'message',
  role: 'assistant',
  model,
  stop_sequence: null,
});

const stopReason = (blocks: AnswerBlock[]): string =>
  blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';

const finished = (block: AnswerBlock): object => (block.type === 'tool_use' ? { ...block, id: toolId() } : block);

function started(block: AnswerBlock): object {
  if (block.type === 'text') return { type: 'text', text: '' };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { type: 'tool_use', id: toolId(), name: block.name, input: {} };
}

function deltasOf(block: AnswerBlock, drip: Drip | undefined): object[] {
  if (block.type === 'text') return pieces(block.text, drip).map((text) => ({ type: 'text_delta', text }));
  if (block.type === 'thinking') {
    const deltas = pieces(block.thinking, drip).map((thinking) => ({ type: 'thinking_delta', thinking }));
    return [...deltas, { type: 'signature_delta', signature: block.signature }];
  }
  const input = JSON.stringify(block.input);
  return pieces(input, drip).map((part) => ({ type: 'input_json_delta', partial_json: part }));
}

/** At least two pieces where there is something to cut. */
function pieces(text: string, drip: Drip | undefined): string[] {
  const length = Math.max(1, drip?.characters ?? Math.ceil(text.length / 2));
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length));
}

const toolId = (): string => `toolu_${randomUUID().replaceAll('-', '')}`;
