import type { ServerResponse } from 'node:http';

import type { Verdict } from './faults.ts';
import { requireScope, type Call, type Hooks } from './method.ts';
import { allMethods } from './methods/all-methods.ts';
import type { Asked } from './read-args.ts';
import { SlackFailure } from './slack-failure.ts';
import type { Json } from './slack-types.ts';
import { findToken, type Token } from './tokens.ts';
import type { World } from './world.ts';

/** One call of a method, as it came and as it was answered. */
export interface RecordedCall {
  method: string;
  args: Json;
  at: Date;
  answer: Json;
}

export interface MethodServer {
  world: World;
  tokens: Token[];
  calls: RecordedCall[];
  origin: () => string;
  hooks: Hooks;
}

/** Answers that say that a request was malformed: a well-made app never gets them. */
const carelessErrors = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_name',
  'msg_too_long',
  'no_text',
  'not_allowed_token_type',
  'unknown_method',
  'view_too_large',
]);

function call(server: MethodServer, method: string, asked: Asked, token: Token): Json {
  const found = allMethods[method];
  if (found === undefined) throw new SlackFailure('unknown_method', { req_method: method });
  if ((found.token ?? 'bot') !== token.kind) throw new SlackFailure('not_allowed_token_type');
  if (found.scope !== undefined) requireScope(token.scopes, found.scope);
  const { world, hooks } = server;
  const given: Call = { args: asked.args, world, scopes: token.scopes, origin: server.origin(), hooks };
  return { ok: true, ...found.run(given) };
}

/** Runs a method and answers as Slack does: HTTP 200 with `ok`, whatever became of it. */
export function serveMethod(
  server: MethodServer,
  method: string,
  asked: Asked,
  verdict: Verdict,
  response: ServerResponse,
): void {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  let answer: Json;
  try {
    const token = findToken(server.tokens, asked.headers.authorization, asked.args);
    headers['x-oauth-scopes'] = token.scopes.join(',');
    if (verdict.kind === 'refused' && !verdict.isStored) throw new SlackFailure(verdict.error);
    answer = call(server, method, asked, token);
    if (verdict.kind === 'refused') throw new SlackFailure(verdict.error);
  } catch (error) {
    if (!(error instanceof SlackFailure)) throw error;
    if (carelessErrors.has(error.code)) {
      server.world.violations.push(`${method}: ${error.code} ${JSON.stringify(error.details)}`);
    }
    answer = { ok: false, error: error.code, ...error.details };
  }
  server.calls.push({ method, args: asked.args, at: server.world.now(), answer });
  if (verdict.kind === 'dropped') response.destroy();
  else response.writeHead(200, headers).end(JSON.stringify(answer));
  server.world.signal.touch();
}
