import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A request that is refused: its status, and what is said in the JSON body's `error`. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: ContentfulStatusCode;
  readonly details: Record<string, unknown>;

  constructor(status: ContentfulStatusCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}
