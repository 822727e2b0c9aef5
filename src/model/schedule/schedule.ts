import * as z from 'zod';

/**
 * When a job falls due. `zone` is an IANA time zone; instants are milliseconds UTC, so that a schedule is plain JSON.
 * Made by `parseSchedule`, read by `nextOccurrence`.
 */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), atMs: z.int(), zone: z.string() }),
  /**
   * `expression` has the five cron fields. Beyond standard cron, the weekday field may have `1#2` (the second Monday) and
   * `5L` (the last Friday of the month), the day field `L` (the last day of the month).
   */
  z.object({ kind: z.literal('cron'), expression: z.string(), zone: z.string() }),
  /** `fromMs` is the first planned start, an occurrence itself; each next one is `everyMs` of real time later. */
  z.object({ kind: z.literal('interval'), everyMs: z.int().positive(), fromMs: z.int(), zone: z.string() }),
]);

export type Schedule = z.infer<typeof scheduleSchema>;
