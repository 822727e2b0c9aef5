import type { Block, Json } from './slack-types.ts';

/** Everything that can be pressed or chosen in blocks. */
function elementsOf(blocks: Block[] | undefined): { element: Json; block: Block }[] {
  return (blocks ?? []).flatMap((block) =>
    [block['accessory'], block['element'], ...((block['elements'] as unknown[] | undefined) ?? [])]
      .filter((element): element is Json => typeof element === 'object' && element !== null && 'type' in element)
      .map((element) => ({ element, block })),
  );
}

const labelOf = (button: Json): string => (button['text'] as { text: string }).text;

/** The words on the buttons. */
export function buttonLabels(blocks: Block[] | undefined): string[] {
  return elementsOf(blocks)
    .filter(({ element }) => element['type'] === 'button')
    .map(({ element }) => labelOf(element));
}

/** The button with this `action_id` or these words. */
export function buttonOf(blocks: Block[] | undefined, named: string): { element: Json; block: Block } {
  const buttons = elementsOf(blocks).filter(({ element }) => element['type'] === 'button');
  const found = buttons.find(({ element }) => element['action_id'] === named || labelOf(element) === named);
  if (found !== undefined) return found;
  const there = buttons.map(({ element }) => `${String(element['action_id'])} “${labelOf(element)}”`).join(', ');
  throw new Error(`There is no button ${named}; there is: ${there || 'none'}.`);
}
