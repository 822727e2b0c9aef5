import type { Message } from '../../model/message.ts';

const green = 0x2e_a0_43;
const red = 0xd1_24_2f;
const orange = 0xdb_6d_28;
const yellow = 0xd2_99_22;
const blue = 0x38_8b_fd;
const gray = 0x8b_94_9e;

const colors: Record<string, number> = {
  '✅': green,
  '▶️': green,
  '❌': red,
  '🔒': red,
  '🔑': red,
  '💳': red,
  '⏱️': orange,
  '💤': orange,
  '⚠️': orange,
  '❔': yellow,
  '⏸️': yellow,
  '⏳': blue,
};

/**
 * The colour of a message's card. Messages have no state of their own but the emoji that their first line begins with, which
 * stands for nothing else; where the first line has none, the state of the second counts (a paused job). Gray is no news.
 */
export function findStateColor(message: Message): number {
  const marks = message.slice(0, 2).map((block) => {
    const start = block.kind === 'line' ? block.content[0] : undefined;
    return typeof start === 'string' ? /^\p{Extended_Pictographic}\ufe0f?/u.exec(start)?.[0] : undefined;
  });
  const mark = marks[0] ?? marks[1];
  return mark === undefined ? blue : (colors[mark] ?? gray);
}
