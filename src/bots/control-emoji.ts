import type { Control } from '../model/message.ts';

/** The reaction that stands for a control. */
export const controlEmoji = { retry: '🔁', cancel: '🛑' } as const satisfies Record<Control, string>;

/** The control that `emoji` stands for. */
export function findControl(emoji: string): Control | undefined {
  if (emoji === controlEmoji.retry) return 'retry';
  return emoji === controlEmoji.cancel ? 'cancel' : undefined;
}
