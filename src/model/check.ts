import * as z from 'zod';

/** One acceptance criterion. A command passes with exit 0; a sentence is judged by a second call of Claude Code. */
export const checkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string().min(1) }),
  z.object({ kind: z.literal('sentence'), sentence: z.string().min(1) }),
]);

export type Check = z.infer<typeof checkSchema>;

/** A check as it is typed: `$ npm test`, or the sentence. */
export const formatCheck = (check: Check): string => (check.kind === 'command' ? `$ ${check.command}` : check.sentence);

/** Reads one `--accept` text: a leading `$ ` makes it a command. */
export function parseCheck(text: string): Check {
  const trimmed = text.trim();
  return trimmed.startsWith('$ ')
    ? { kind: 'command', command: trimmed.slice(2).trim() }
    : { kind: 'sentence', sentence: trimmed };
}
