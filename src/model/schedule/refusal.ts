/**
 * Why words are refused, raised where that is noticed. It becomes a `UserError` in `readOrExplain`, which knows what was
 * given. Without a reason the words can't be read at all. `suggestions` are words that would be read.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: string | undefined;
  readonly suggestions: string[];

  constructor(reason?: string, suggestions: string[] = []) {
    super(reason ?? 'unreadable');
    this.reason = reason;
    this.suggestions = suggestions;
  }
}
