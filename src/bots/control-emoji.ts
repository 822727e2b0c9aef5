import type { Control } from '../model/message.ts';

/** The reaction that stands for a control. */
export const controlEmoji = { retry: '🔁', cancel: '🛑' } as const satisfies Record<Control, string>;

const controls: ReadonlyMap<string, Control> = new Map([
  [controlEmoji.retry, 'retry'],
  // What people take for it.
  ['🔄', 'retry'],
  [controlEmoji.cancel, 'cancel'],
]);

/** The control that an emoji stands for, with or without the mark that makes it colourful. */
export const findControl = (emoji: string): Control | undefined => controls.get(emoji.replaceAll('\uFE0F', ''));
