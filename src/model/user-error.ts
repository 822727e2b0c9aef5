/**
 * A person's mistake, written for that person: what was given, what is allowed, an example. Adapters show the message
 * word for word.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
