import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach } from 'vitest';

import type { ChatHandlers, OutgoingMessage } from '../../src/bots/chat.ts';
import { createWebChat, type WebChat } from '../../src/bots/web/web-chat.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createWebMessageStore } from '../../src/db/web-messages.ts';
import { line } from '../../src/model/message.ts';
import { createTokens, type Tokens } from '../../src/web/tokens.ts';
import type { WebDesk } from '../../src/web/web-desk.ts';
import { createWebServer, type WebServerOptions } from '../../src/web/web-server.ts';

const cleanUps: (() => unknown)[] = [];

/** Has `work` done after the test, before what was asked for earlier; in time for the search for leaks. */
export const afterwards = (work: () => unknown): void => void cleanUps.push(work);

afterEach(async () => {
  for (const work of cleanUps.splice(0).reverse()) await work();
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-web-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A web chat over a database of its own, and what its handlers heard. */
export async function openWebChat(options: { channels?: string[]; handlers?: Partial<ChatHandlers> } = {}) {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'nightdesk.db'));
  afterwards(() => void database.$client.close());
  const clock = { now: new Date('2026-11-22T21:15:00Z') };
  const chat = createWebChat({
    messages: createWebMessageStore(database),
    channels: () => options.channels ?? [],
    now: () => clock.now,
  });
  const heard: { texts: Parameters<ChatHandlers['onText']>[]; reactions: Parameters<ChatHandlers['onReaction']>[] } = {
    texts: [],
    reactions: [],
  };
  await chat.start({
    async onText(...args) {
      heard.texts.push(args);
      return (await options.handlers?.onText?.(...args)) ?? { message: [line(`heard: ${args[0]}`)] };
    },
    onForm: async (...args) => (await options.handlers?.onForm?.(...args)) ?? { message: [] },
    onCommand: async (...args) => (await options.handlers?.onCommand?.(...args)) ?? { message: [] },
    onMention: async () => ({ message: [] }),
    openForm: async () => ({ refusal: { message: [], isRefusal: true } }),
    previewWhen: async () => ({ ok: true, sentence: '', zone: 'UTC', instants: [] }),
    suggest: async () => [],
    async onReaction(...args) {
      heard.reactions.push(args);
      await options.handlers?.onReaction?.(...args);
    },
  });
  return { chat, clock, heard, folder };
}

/** Everything that `post` wants, where a test cares for some of it only. */
export const outgoing = (given: Partial<OutgoingMessage> & Pick<OutgoingMessage, 'message'>): OutgoingMessage => ({
  key: JSON.stringify(given),
  channel: 'web:general',
  attachments: [],
  writtenAt: new Date('2026-11-22T21:15:00Z'),
  isDoubtful: false,
  note: () => {},
  ...given,
});

const emptyDesk: WebDesk = {
  listJobs: () => ({ jobs: [], hasMore: false }),
  findJob: () => undefined,
  listHistory: () => undefined,
  listRuns: () => ({ runs: [], hasMore: false }),
  findRun: () => undefined,
  whyNoRun: () => undefined,
  readFile: async () => ({ bytes: new Uint8Array(), isLive: false }),
  fileSize: async () => 0,
  listProjects: () => [],
  blankForm: () => {
    throw new Error('no form is expected');
  },
  formOf: () => undefined,
  draft: () => undefined,
  previewWhen: () => ({ ok: true, sentence: '', zone: 'UTC', instants: [] }),
  allowedActions: (_, actions) => [...actions],
  health: () => ({ running: 0 }),
  undelivered: () => [],
  lookReady: async () => ({}),
};

export interface RunningWeb {
  url: string;
  token: string;
  tokens: Tokens;
  chat: WebChat;
  /** Asks as ada. A `body` that is no string is sent as JSON. */
  ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
  stop: () => Promise<void>;
  faults: unknown[];
}

type WebSettings = Partial<
  Pick<
    WebServerOptions,
    'host' | 'url' | 'metrics' | 'metricsToken' | 'requestWithinMs' | 'heartbeatMs' | 'followMs' | 'port'
  >
> & {
  desk?: Partial<WebDesk>;
};

/** A web server on a free port of loopback, stopped after the test. */
export async function startWeb(folder: string, chat: WebChat, settings: WebSettings = {}): Promise<RunningWeb> {
  const tokens = createTokens(folder, ['ada', 'grace']);
  const faults: unknown[] = [];
  const server = createWebServer({
    host: '127.0.0.1',
    port: 0,
    zone: 'Europe/Berlin',
    followMs: 5,
    metrics: { contentType: 'text/plain', render: async () => '' },
    ...settings,
    chat,
    desk: { ...emptyDesk, ...settings.desk },
    tokens,
    onFault: (error) => `f-0000000${faults.push(error)}`,
  });
  const { url } = await server.start();
  afterwards(() => server.stop());
  const token = tokens.tokenFor('ada');
  return {
    url,
    token,
    tokens,
    chat,
    faults,
    stop: () => server.stop(),
    ask(method, path, body, headers = {}) {
      const isJson = body !== undefined && typeof body !== 'string';
      return fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
      });
    },
  };
}
