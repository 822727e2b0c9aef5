/** A delivery that no further try can bring through: the message or its thread is not there. */
export class ChatRefusal extends Error {
  override readonly name = 'ChatRefusal';
}

/**
 * A channel that can't be reached until a person does something: the bot was removed, the channel is archived, the token was
 * revoked. What waits is kept. The message says what is wrong and what to do.
 */
export class ChatUnreachable extends Error {
  override readonly name = 'ChatUnreachable';
}

/** The platform asks for a pause: nothing failed, and nothing was sent. */
export class ChatBusy extends Error {
  override readonly name = 'ChatBusy';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
