import * as z from 'zod';

/**
 * When a job falls due. `zone` is an IANA time zone. An interval is counted from its planned start `from`; instants are
 * milliseconds UTC, so that a schedule is plain JSON.
 */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), atMs: z.int(), zone: z.string() }),
  /**
   * `expression` has the five cron fields, and may have `#n` (`1#1`: the first Monday) or `L` in the weekday field where
   * words asked for "first monday of the month".
   */
  z.object({ kind: z.literal('cron'), expression: z.string(), zone: z.string() }),
  z.object({ kind: z.literal('interval'), everyMs: z.int().positive(), fromMs: z.int(), zone: z.string() }),
]);

export type Schedule = z.infer<typeof scheduleSchema>;
