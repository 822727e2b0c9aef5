import * as z from 'zod';

const schema = z.object({
  /** The ids of the parts that are through, in their order. */
  sent: z.array(z.string()),
  /** What tries of the next part looked like: its text can have changed in between. */
  tries: z.array(z.string()),
  /** When the first of these tries began. */
  sinceMs: z.int().nullable(),
});

/** What a delivery notes for its next try. It is written before each request, so that without one nothing was sent. */
export type SentNote = z.infer<typeof schema>;

const nothing: SentNote = { sent: [], tries: [], sinceMs: null };

export function readSentNote(noted: string | undefined): SentNote {
  if (noted === undefined) return nothing;
  try {
    return schema.parse(JSON.parse(noted));
  } catch {
    // A note of another version says nothing; the nonce still does, for a while.
    return nothing;
  }
}
