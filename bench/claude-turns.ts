/** Turns as runs make them: partial answers, words, and tool results of many sizes; `bytes` of them at least. */
export function makeTurns(bytes: number): Buffer[] {
  const turns: Buffer[] = [];
  for (let made = 0; made < bytes; made += turns.at(-1)?.length ?? 0) turns.push(makeTurn(turns.length));
  return turns;
}

function makeTurn(turn: number): Buffer {
  const line = (number: number): string =>
    `src/report/dates.ts(${number},7): month ${number % 12} of ${number * 31} is not ${number.toString(36)}`;
  const output = Array.from({ length: 2 + ((turn * 37) % 400) }, (_, index) => line(turn + index)).join('\n');
  const all: object[] = [
    ...Array.from({ length: 30 }, (_, index) => ({
      type: 'stream_event',
      event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `piece ${index} of it ` } },
      parent_tool_use_id: null,
    })),
    { type: 'assistant', message: { id: `m${turn}`, content: [{ type: 'text', text: `I look at ${line(turn)}.` }] } },
    {
      type: 'assistant',
      message: {
        id: `n${turn}`,
        content: [{ type: 'tool_use', id: `t${turn}`, name: 'Bash', input: { command: `npm test -- ${turn}` } }],
      },
    },
    { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: `t${turn}`, content: output }] } },
  ];
  return Buffer.from(`${all.map((each) => JSON.stringify(each)).join('\n')}\n`);
}
