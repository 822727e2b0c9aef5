import type { Json } from './slack-types.ts';

/** An answer with `ok: false`: its code and what Slack says beside it. */
export class SlackFailure extends Error {
  override readonly name = 'SlackFailure';
  readonly code: string;
  readonly details: Json;
  constructor(code: string, details: Json = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** What Slack answers where arguments break its rules, each with the place. */
export const invalid = (code: string, messages: string[]): SlackFailure =>
  new SlackFailure(code, { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
