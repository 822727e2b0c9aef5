import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerJson, answerStream } from './scripted-answer.ts';
import { createScriptReader } from './script-reader.ts';
import type { MessagesBody, RecordedRequest, Script, Turn } from './script.ts';

export interface ScriptedModel {
  url: string;
  /** Every request, side calls too, in the order of their arrival. */
  requests: RecordedRequest[];
  /** The agent's requests alone. */
  turns(): RecordedRequest[];
  /**
   * A whole environment for `claude`; `home` is a folder of the test's own. A failing request is tried three times in
   * all, in two seconds, where the CLI itself would take eleven tries and minutes. Only with a subscription's login does the CLI
   * read the `anthropic-ratelimit-unified-*` headers and tell when a usage limit resets (2.1.330).
   */
  env(home: string, login?: 'api-key' | 'subscription'): Record<string, string>;
  close(): Promise<void>;
}

/**
 * A server on a free loopback port that speaks as much of the Messages API as Claude Code needs, and answers by a
 * script: the real CLI runs without an account or the internet.
 */
export async function startScriptedModel(script: Script): Promise<ScriptedModel> {
  const requests: RecordedRequest[] = [];
  const read = createScriptReader(script);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request);
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'POST') return void response.writeHead(200).end();
    if (pathname === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 1000 });
    if (pathname !== '/v1/messages') return json(response, 404, { type: 'error', error: { type: 'not_found_error' } });
    const { recorded, turn } = read(JSON.parse(text) as MessagesBody, request.headers);
    requests.push(recorded);
    await answer(response, recorded, turn);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent)
        json(response, 400, { type: 'error', error: { type: 'script_error', message: String(error) } });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    requests,
    turns: () => requests.filter((request) => !request.isSideCall),
    env: (home, login = 'api-key') => ({
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      ANTHROPIC_BASE_URL: url,
      ...(login === 'api-key' ? { ANTHROPIC_API_KEY: 'sk-dummy' } : { CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-dummy' }),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_MAX_RETRIES: '2',
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(response: ServerResponse, request: RecordedRequest, turn: Turn): Promise<void> {
  switch (turn.kind) {
    case 'fail':
      return json(response, turn.status, turn.body, turn.headers);
    case 'hang':
      return undefined;
    case 'answer':
    case 'cut':
      if (request.body.stream === true) return await answerStream(response, request.body.model, turn);
      return turn.kind === 'cut' ? void response.destroy() : json(response, 200, answerJson(request.body.model, turn));
  }
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
