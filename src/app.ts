import path from 'node:path';

import type { Logger } from 'pino';

import type { Chat } from './bots/chat.ts';
import { createWebChat } from './bots/web/web-chat.ts';
import type { Config } from './config/config-value.ts';
import { keepFixed } from './config/keep-fixed.ts';
import { lockDataDirectory } from './db/data-lock.ts';
import { openDatabase } from './db/open-database.ts';
import { createMeasures } from './db/measures.ts';
import { createStore } from './db/store.ts';
import { createWebMessageStore } from './db/web-messages.ts';
import { createDesk } from './desk/create-desk.ts';
import type { DeskSettings } from './desk/desk-settings.ts';
import { createFormDesk } from './desk/form-desk.ts';
import { createReadDesk } from './desk/read-desk.ts';
import { createFaultLog } from './fault-log.ts';
import { createHost } from './host.ts';
import { createFactLog } from './log-facts.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import type { About } from './model/about.ts';
import { namedIn } from './model/access.ts';
import { createRunner } from './runner/create-runner.ts';
import { createRunFiles } from './runner/run-files.ts';
import { createAlarmClock } from './scheduler/create-alarm-clock.ts';
import { createTokens } from './web/tokens.ts';
import { createWebServer } from './web/web-server.ts';

export interface App {
  /** Where the page listens: `http://127.0.0.1:7433`. */
  url: string;
  /** The token of a person of `web.people`. */
  tokenFor(name: string): string;
  /** Goes by another configuration from now on; attempts under way keep what they were started with. */
  reload(next: Config): Reload;
  /** Has it told that a configuration was not taken over, and why. */
  reloadRefused(why: string): void;
  /** Resolves when nothing is being delivered to a channel. */
  delivered(): Promise<void>;
  /** Takes no more work, delivers what is under way, and lets go of everything; attempts go on. */
  stop(): Promise<void>;
}

export interface Reload {
  /** Keys that need a restart and so keep their old values: `web.port`. */
  kept: string[];
  /** People of the page who were not let in before. */
  newPeople: string[];
}

export interface AppOptions {
  /** What nightdesk itself is called among the processes that hold the data directory: version and pid. */
  holder: string;
  /** Values that may appear in nothing that leaves the host, in addition to those of the child's environment. */
  secrets: { name: string; value: string }[];
  log: Logger;
}

/** Builds everything from `config` and starts it. What was started is stopped again, in reverse, if a part can't start. */
export async function startApp(config: Config, { holder, secrets, log }: AppOptions): Promise<App> {
  const disposers: (() => unknown)[] = [];
  const dispose = async (): Promise<void> => {
    for (let next = disposers.pop(); next !== undefined; next = disposers.pop()) await next();
  };
  try {
    const lock = lockDataDirectory(config.dataDirectory, holder);
    disposers.push(() => lock.release());
    const db = openDatabase(path.join(config.dataDirectory, 'nightdesk.db'));
    disposers.push(() => db.$client.close());
    return await build(config, { db, secrets, log, disposers, dispose });
  } catch (error) {
    await dispose();
    throw error;
  }
}

const followAgainMs = 10_000;

interface Parts {
  db: ReturnType<typeof openDatabase>;
  secrets: AppOptions['secrets'];
  log: Logger;
  disposers: (() => unknown)[];
  dispose: () => Promise<void>;
}

async function build(config: Config, { db, secrets, log, disposers, dispose }: Parts): Promise<App> {
  const now = (): Date => new Date();
  const onFault = createFaultLog(log);
  const onHostFault = (error: unknown, where: string, about?: About): void => {
    onFault(error, where, about);
    desk.noticed(error);
  };
  const store = createStore(db);
  let running = config;
  const settings = deskSettings(config);
  const claude = { ...config.claude };
  const runner = createRunner({
    dataDirectory: config.dataDirectory,
    claude,
    secrets,
    onFault: (error, about) => onHostFault(error, 'the runner', about),
  });
  const clock = createAlarmClock({ database: db.$client, onFault: (error) => onHostFault(error, 'the alarm clock') });
  const webChat = createWebChat({
    messages: createWebMessageStore(db),
    channels: () => [...settings.channels.keys()],
    commandName: config.commandName,
    now,
  });
  const chats = new Map<string, Chat>([[webChat.platform, webChat]]);
  let pageUrl = config.web.url;
  // The platforms' SDKs are large: loaded where they are used, a bot without them starts sooner and holds less.
  if (config.slack !== undefined) {
    const { createSlackChat } = await import('./bots/slack/slack-chat.ts');
    const { apiUrl, botToken, ...transport } = config.slack;
    const groups = (): string[] => namedIn(settings.access).filter((reference) => reference.startsWith('slack:S'));
    const options = { apiUrl, botToken, transport, groups, pageUrl: () => pageUrl, now, onFault, log };
    const slackChat = createSlackChat(options);
    chats.set(slackChat.platform, slackChat);
  }
  if (config.discord !== undefined) {
    const { createDiscordChat } = await import('./bots/discord/discord-chat.ts');
    const { commandName } = config;
    const edges = { commandName, pageUrl: () => pageUrl, now, onFault, log: log.child({ platform: 'discord' }) };
    chats.set('discord', createDiscordChat({ ...config.discord, ...edges }));
  }
  const host = createHost(config.dataDirectory, () => running);
  const runFiles = createRunFiles({ dataDirectory: config.dataDirectory, env: () => claude.env });
  const desk = createDesk({
    store,
    runner,
    runFiles,
    clock,
    chats,
    settings,
    pageUrl: () => pageUrl,
    host,
    now,
    onFault,
  });
  const tokens = createTokens(config.dataDirectory, config.web.people);
  const metrics = createMetrics({
    measure: createMeasures(db),
    connections: () => new Map([...chats].map(([platform, chat]) => [platform, chat.isConnected?.() ?? true])),
    freeBytes: () => host.disk().freeBytes,
    tryWriting: () => host.tryWriting(),
    now,
  });
  disposers.push(() => metrics.stop());
  const logFacts = createFactLog(log);
  store.onCommit((_alarms, facts) => {
    metrics.took(facts);
    logFacts(facts);
  });
  const server = createWebServer({
    host: config.web.host,
    port: config.web.port,
    url: config.web.url,
    zone: config.host.zone,
    chat: webChat,
    desk: {
      ...createReadDesk({ store, runner, settings, now }),
      ...createFormDesk({ store, settings, now }),
      lookReady: desk.lookReady,
    },
    tokens,
    metrics,
    metricsToken: config.web.metricsToken,
    onFault,
  });
  for (const chat of chats.values()) {
    await chat.start(desk.handlers);
    disposers.push(() => chat.stop());
  }
  disposers.push(() => desk.stop());
  await desk.start();
  const { url } = await server.start();
  disposers.push(() => server.stop());
  pageUrl ??= url;
  desk.catchUp();
  let again: NodeJS.Timeout | undefined;
  disposers.push(() => clearTimeout(again));
  /** Has it written what follows from a configuration that was read, or was not taken over; as soon as the store takes it. */
  const follow = (refusal: string | undefined): void => {
    clearTimeout(again);
    try {
      desk.configurationRead(refusal);
      if (refusal === undefined) desk.reconsider();
    } catch (error) {
      onHostFault(error, 'what follows from the configuration');
      again = setTimeout(() => follow(refusal), followAgainMs).unref();
    }
  };
  return {
    url,
    tokenFor: (name) => tokens.tokenFor(name),
    reload(next) {
      const { config, kept } = keepFixed(running, next);
      // First what can fail: a token file that can't be written leaves everything as it was.
      const newPeople = tokens.admit(config.web.people);
      running = config;
      replaceFields(settings, deskSettings(config));
      replaceFields(claude, config.claude);
      follow(undefined);
      return { kept, newPeople };
    },
    reloadRefused: follow,
    delivered: () => desk.delivered(),
    stop: dispose,
  };
}

/** Those who hold `target` see `next` from now on. */
function replaceFields<T extends object>(target: T, next: T): void {
  for (const key of Object.keys(target)) if (!Object.hasOwn(next, key)) Reflect.deleteProperty(target, key);
  Object.assign(target, next);
}

function deskSettings(config: Config): DeskSettings {
  return {
    commandName: config.commandName,
    hostName: config.host.name,
    hostZone: config.host.zone,
    nightlyAt: timeOf(config.host.nightlyAt),
    concurrency: config.host.concurrency,
    runDefaults: { ...config.defaults, model: config.defaults.model ?? config.claude.model },
    projects: config.projects,
    channels: config.channels,
    access: config.access,
    alerts: config.alerts,
    digest: {
      ...config.digest,
      time: timeOf(config.digest.time),
      zone: config.digest.zone ?? config.host.zone,
    },
    minFree: config.disk.minFree,
    retention: config.retention,
  };
}

function timeOf(text: string): { hour: number; minute: number } {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return { hour, minute };
}
