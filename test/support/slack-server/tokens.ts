import { SlackFailure } from './slack-failure.ts';
import type { Json } from './slack-types.ts';

export interface Token {
  text: string;
  kind: 'bot' | 'app';
  scopes: string[];
  isRevoked: boolean;
}

/** The token of a call, from its header or its arguments; or why it is none. */
export function findToken(tokens: Token[], header: string | undefined, args: Json): Token {
  const text = header?.replace(/^Bearer /i, '') ?? args['token'];
  if (typeof text !== 'string' || text === '') throw new SlackFailure('not_authed');
  const token = tokens.find((one) => one.text === text);
  if (token === undefined) throw new SlackFailure('invalid_auth');
  if (token.isRevoked) throw new SlackFailure('token_revoked');
  return token;
}
