import * as z from 'zod';

const verdictSchema = z.strictObject({
  verdict: z
    .enum(['pass', 'fail', 'undecided'])
    .describe('pass: the sentence is true of the workspace. fail: it is not. undecided: reading can not tell.'),
  evidence: z.string().min(1).describe('Why, in one short sentence; with file:line where it can be pointed at.'),
  places: z
    .array(z.string())
    .describe(
      'Where it shows, one an entry, as file:line and a few words. For fail: everything that has to be mended.',
    ),
});

export type Verdict = z.infer<typeof verdictSchema>;

/** What `--json-schema` is given. */
export const verdictJsonSchema = JSON.stringify(z.toJSONSchema(verdictSchema, { target: 'draft-7' }));

/** Reads `structured_output` of a result; `undefined` where it is no verdict, or where there is none. */
export const readVerdict = (given: unknown): Verdict | undefined => verdictSchema.safeParse(given).data;
