import { randomBytes } from 'node:crypto';

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

export interface Grants {
  botToken: string;
  appToken: string;
  signingSecret: string;
  revokeToken(kind: 'bot' | 'app'): void;
  /** What the bot's token may do. */
  scopes(): string[];
  setScopes(scopes: string[]): void;
}

/** What an installed app is given, new each time. */
export function createGrants(scopes: string[]): { tokens: Token[]; grants: Grants } {
  const secret = (): string => randomBytes(12).toString('hex');
  const bot: Token = { text: `xoxb-1-${secret()}`, kind: 'bot', scopes, isRevoked: false };
  const app: Token = { text: `xapp-1-${secret()}`, kind: 'app', scopes: ['connections:write'], isRevoked: false };
  return {
    tokens: [bot, app],
    grants: {
      botToken: bot.text,
      appToken: app.text,
      signingSecret: secret(),
      revokeToken: (kind) => void ((kind === 'bot' ? bot : app).isRevoked = true),
      scopes: () => bot.scopes,
      setScopes: (given) => void (bot.scopes = given),
    },
  };
}
