/** A bot that was killed is up again by then; further back there may be others that look alike. */
const afterStepMs = 3_600_000;

/**
 * Since when a message can be there that was sent at `sentAt` by the host's clock. Where that is still to come, the clock was
 * ahead and is set right by now, and what it said lies behind the message.
 */
export const sentSince = (sentAt: Date, now: Date): Date =>
  sentAt.getTime() > now.getTime() ? new Date(now.getTime() - afterStepMs) : sentAt;
