import * as z from 'zod';

/** Where a person is answered, in Slack's own ids. */
export const placeSchema = z.object({
  channel: z.string(),
  /** The thread, for what came from one. */
  thread: z.string().optional(),
  /** Takes five answers within half an hour, also in channels that the bot is not in. */
  responseUrl: z.string().optional(),
});

export type Place = z.infer<typeof placeSchema>;
