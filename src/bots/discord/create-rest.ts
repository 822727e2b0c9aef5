import { REST, type InternalRequest, type ResponseLike, type RESTOptions } from 'discord.js';

/** Clocks are trimmed by less; a limit lasts as much longer. */
const toleranceMs = 1_000;

/**
 * The SDK's client for the HTTP API. It keeps limits by the host's clock, its own of 50 requests a second with them: where the
 * clock is set back, none would end before it is as late again.
 */
export const createRest = (options: Partial<RESTOptions>): REST => new LimitsOfNow(options);

class LimitsOfNow extends REST {
  #latestMs = 0;

  override queueRequest(request: InternalRequest): Promise<ResponseLike> {
    const atMs = Date.now();
    if (atMs < this.#latestMs - toleranceMs) {
      // What still holds, Discord says again.
      this.handlers.clear();
      this.globalReset = -1;
      this.globalDelay = null;
    }
    this.#latestMs = atMs;
    return super.queueRequest(request);
  }
}
