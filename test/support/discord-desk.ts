import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';

import type { Chat, ChatHandlers } from '../../src/bots/chat.ts';
import { createDiscordChat } from '../../src/bots/discord/discord-chat.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createStore } from '../../src/db/store.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { DeskSettings } from '../../src/desk/desk-settings.ts';
import { testProject } from './desk-fixture.ts';
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from './discord-server/discord-server.ts';
import { createFakeRunner, type FakeRunner } from './fake-runner.ts';
import { createManualClock } from './manual-clock.ts';
import { usualPolicies } from './usual-policies.ts';
import { keepAll } from './keep-all.ts';
import { createRunFiles } from '../../src/runner/run-files.ts';

export interface DiscordDeskOptions {
  server?: DiscordServerOptions;
  settings?: Partial<DeskSettings>;
  /** Puts something between the adapter and the desk. */
  wrap?: (handlers: ChatHandlers) => ChatHandlers;
  /** The configuration names the server. */
  isForGuild?: boolean;
}

/** A Discord with the real adapter, the real desk and its store behind it; runs are played by the test. */
export async function startDiscordDesk({
  server: given,
  settings: changed,
  wrap,
  isForGuild = false,
}: DiscordDeskOptions = {}) {
  const server = await startDiscordServer(given);
  const directory = mkdtempSync(path.join(tmpdir(), 'nightdesk-discord-'));
  const ada = server.addPerson('ada');
  const settings: DeskSettings = {
    commandName: '/claude',
    hostName: 'box',
    hostZone: 'UTC',
    nightlyAt: { hour: 2, minute: 0 },
    concurrency: 2,
    runDefaults: { timeoutMs: 7_200_000, retries: 2, notify: 'failure', ...usualPolicies },
    projects: new Map(['api', 'web', 'secret'].map((name) => [name, testProject({ name, path: `/projects/${name}` })])),
    channels: new Map(),
    access: { admins: [ada.reference], projects: {} },
    digest: { time: { hour: 8, minute: 0 }, zone: 'UTC', channels: [] },
    minFree: { bytes: 1024 ** 3 },
    retention: keepAll,
    ...changed,
  };
  const bots: Bot[] = [];
  const start = async (isForGuild: boolean): Promise<Bot> => {
    const guild = isForGuild ? server.guild.id : undefined;
    const bot = await startBot(server, { directory, settings, wrap, guild });
    bots.push(bot);
    return bot;
  };
  const bot = await start(isForGuild);
  await server.until(() => server.gateway.sessions.size > 0, 'a session', 15_000);
  await server.until(
    () => server.world.commands.get(isForGuild ? server.guild.id : 'global')?.length === 1,
    'the command',
  );
  return {
    server,
    settings,
    /** An admin. */
    ada,
    bot,
    /** The messages in the first channel, once there are as many. */
    posted(count: number) {
      const messages = server.messagesIn(server.general);
      return messages.length >= count && messages;
    },
    /** Everything is posted, and edits that wait for their turn have gone out. */
    async settle() {
      const { desk, clock } = bots.at(-1) ?? bot;
      await desk.delivered();
      clock.advance(5_000);
      await desk.delivered();
    },
    /** Another process on the same store, after the first was stopped; with another configuration, where one is given. */
    restart: (change: { commandName?: string; isForGuild?: boolean } = {}): Promise<Bot> => {
      settings.commandName = change.commandName ?? settings.commandName;
      return start(change.isForGuild ?? isForGuild);
    },
    async stop() {
      for (const each of bots) await each.stop();
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type DiscordDesk = Awaited<ReturnType<typeof startDiscordDesk>>;

interface BotParts {
  directory: string;
  settings: DeskSettings;
  wrap?: ((handlers: ChatHandlers) => ChatHandlers) | undefined;
  guild: string | undefined;
}

interface Bot {
  databasePath: string;
  runner: FakeRunner;
  store: ReturnType<typeof createStore>;
  clock: ReturnType<typeof createManualClock>;
  desk: ReturnType<typeof createDesk>;
  faults: unknown[];
  chat: Chat;
  /** What was logged. */
  log: { msg: string; level: number }[];
  stop: () => Promise<void>;
}

async function startBot(
  server: DiscordServer,
  { directory, settings, wrap = (same) => same, guild }: BotParts,
): Promise<Bot> {
  const databasePath = path.join(directory, 'nightdesk.db');
  const db = openDatabase(databasePath);
  const store = createStore(db);
  const runner = createFakeRunner();
  const clock = createManualClock(new Date());
  const faults: unknown[] = [];
  const log: Bot['log'] = [];
  const onFault = (error: unknown): string => `fault-${faults.push(error)}`;
  const { token, restUrl } = server;
  const pageUrl = (): string => 'https://desk.example.org';
  const chat = createDiscordChat({
    token,
    restUrl,
    guild,
    commandName: settings.commandName,
    pageUrl,
    now: () => new Date(server.world.now()),
    onFault,
    log: pino({ level: 'debug' }, { write: (text) => void log.push(JSON.parse(text) as Bot['log'][number]) }),
  });
  const chats = new Map([['discord', chat]]);
  const host = {
    disk: () => ({ freeBytes: 1e12, totalBytes: 1e12 }),
    tryWriting: async () => ({ fault: undefined, tookMs: 1 }),
    isFolder: async () => true,
    missingClaude: () => undefined,
  };
  const runFiles = createRunFiles({ dataDirectory: directory, env: () => ({}) });
  const desk = createDesk({ store, runner, runFiles, clock, chats, settings, pageUrl, host, now: clock.now, onFault });
  await chat.start(wrap(desk.handlers));
  await desk.start();
  let isStopped = false;
  return {
    databasePath,
    runner,
    store,
    clock,
    desk,
    faults,
    chat,
    log,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      await chat.stop();
      await desk.stop();
      db.$client.close();
    },
  };
}
