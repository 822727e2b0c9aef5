import * as z from 'zod';

const schema = z.object({
  /** The message is there, at this time. */
  ts: z.string().optional(),
  /** What it shows. */
  print: z.string().optional(),
  /** Not all of it is in the message: the whole of it is a file. */
  isCut: z.boolean().optional(),
  files: z
    .object({
      ids: z.array(z.string()),
      refused: z.array(z.string()).optional(),
      isShared: z.boolean().optional(),
      looks: z.int().optional(),
    })
    .optional(),
});

/** What one try of a message leaves for the next. */
export type SentNote = z.infer<typeof schema>;

export const writeNote = (note: SentNote): string => JSON.stringify(note);

/** Nothing where there is no note, or none that can be read: then the try begins from the start. */
export function readNote(text: string | undefined): SentNote {
  if (text === undefined) return {};
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
