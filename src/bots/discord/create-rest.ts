import {
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  REST,
  type InternalRequest,
  type ResponseLike,
  type RESTOptions,
} from 'discord.js';

/** Clocks are trimmed by less; a limit lasts as much longer. */
const toleranceMs = 1_000;

/** The SDK's client for the HTTP API, without what would go wrong with it in the long run. */
export const createRest = (options: Partial<RESTOptions>): REST => new LastingRest(options);

class LastingRest extends REST {
  #latestMs = 0;

  override async queueRequest(request: InternalRequest): Promise<ResponseLike> {
    this.#forgetLimitsToCome();
    try {
      return await super.queueRequest(request);
    } catch (error) {
      throw withoutFiles(error);
    }
  }

  /** The SDK forgets its token at a 401, and would then fail without asking Discord. */
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token);
  }

  /**
   * The SDK keeps limits by the host's clock, its own of 50 requests a second with them: where the clock is set back, none would end
   * before it is as late again. What still holds, Discord says again.
   */
  #forgetLimitsToCome(): void {
    const atMs = Date.now();
    if (atMs < this.#latestMs - toleranceMs) {
      this.handlers.clear();
      this.globalReset = -1;
      this.globalDelay = null;
    }
    this.#latestMs = atMs;
  }
}

/** The log has all of an error: files would fill it, and whoever has the token of an interaction can answer it. */
function withoutFiles(error: unknown): unknown {
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    error.requestBody = { ...error.requestBody, files: undefined };
  }
  if (error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError) {
    error.url = error.url.replace(/(?<=\/(?:interactions|webhooks)\/\d+\/)[^/?]+/, '…');
  }
  return error;
}
