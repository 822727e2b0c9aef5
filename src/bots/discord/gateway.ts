import { setTimeout as sleep } from 'node:timers/promises';

import {
  Client,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
  Partials,
  SimpleShardingStrategy,
  Status,
  WebSocketShardStatus,
  type GatewayDispatchPayload,
} from 'discord.js';

import type { ConnectionOptions } from './connect.ts';
import { handOnPauses } from './hand-on-pauses.ts';
import type { IdentifyLimit } from './identify-limit.ts';
import { logGateway } from './log-gateway.ts';

export interface GatewayEvent {
  payload: GatewayDispatchPayload;
  /** The session and the number in it: an event that is sent again after a resume has the same. */
  id: string;
}

export interface GatewayEnd {
  why: string;
  error?: unknown;
  /** Only a person can mend it. */
  isFinal: boolean;
}

interface GatewayOptions extends ConnectionOptions {
  limit: IdentifyLimit;
  signal: AbortSignal;
  /** Told whenever events begin to come in, or can't any more. */
  onUp: (isUp: boolean) => void;
}

/** A session that could not be resumed for so long begins anew, with the gateway's address asked for again. */
const resumeForMs = 3 * 60_000;
const closingMs = 2_000;
/** Of the question for the gateway's address; what takes longer is asked again later. */
const maxWaitMs = 60_000;

/** Logs in and stays until it can't go on, or until the signal aborts. Never rejects. */
export async function runGateway(options: GatewayOptions): Promise<GatewayEnd> {
  const { token, limit, signal, log } = options;
  try {
    await limit.admit(signal);
  } catch (error) {
    return endOf(error);
  }
  const { client, letGo } = createClient(options);
  logGateway(client, log);
  const watch = watchEnd(client, signal);
  takeEvents(client, options);
  // After a stop nobody waits for the login any more.
  const end = await Promise.race([watch.end, client.login(token).then(() => watch.end, endOf)]);
  // Ending it looks to discord.js like a connection that is lost: nobody is to wait a minute for that one.
  client.removeAllListeners(Events.ShardReconnecting);
  watch.stop();
  await Promise.race([letGo(), sleep(closingMs, undefined, { ref: false })]);
  return end;
}

function createClient({ restUrl, limit, log }: GatewayOptions) {
  let strategy: SimpleShardingStrategy | undefined;
  let isOver = false;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.GuildMessageReactions],
    partials: [Partials.Message, Partials.Channel, Partials.Reaction, Partials.User],
    allowedMentions: { parse: [] },
    // Nothing is read from the caches that grow: what is needed stands in the events.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0, ReactionManager: 0 }),
    rest: { api: restUrl, rejectOnRateLimit: handOnPauses({ maxWaitMs, log }) },
    ws: {
      buildStrategy(manager) {
        const { retrieveSessionInfo } = manager.options;
        // Asked before each connection and each event: the one way to end what is between two connections, which would come back
        // beside the next session.
        manager.options.retrieveSessionInfo = (shard) => (isOver ? forever() : retrieveSessionInfo(shard));
        return (strategy = new SimpleShardingStrategy(manager));
      },
      buildIdentifyThrottler: () => ({
        waitForIdentify: (_shard, signal) => (isOver ? forever() : admitSurely(limit, signal)),
      }),
    },
  });
  const isOpening = async (): Promise<boolean> => {
    const opened = (await strategy?.fetchStatus()) ?? new Map<number, WebSocketShardStatus>();
    const isUngreeted = client.ws.shards.some(({ status }) => status === Status.Connecting);
    return isUngreeted && opened.values().some((status) => status === WebSocketShardStatus.Connecting);
  };
  const letGo = async (): Promise<void> => {
    isOver = true;
    // What is destroyed while it opens has nobody any more who hears of its error, which then ends the process.
    while (await isOpening()) await sleep(25, undefined, { ref: false });
    await client.destroy();
  };
  return { client, letGo };
}

const forever = (): Promise<never> => new Promise(() => {});

/** A throttler that rejects for another reason than the signal makes discord.js identify at once. */
async function admitSurely(limit: IdentifyLimit, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await limit.admit(signal);
      limit.use();
      return;
    } catch {
      // Discord did not say how much is left.
      await sleep(5_000, undefined, { signal });
    }
  }
}

/**
 * Takes events as Discord sends them. discord.js holds them back until all servers are there, up to 15 s after a start, when an
 * interaction has 3 s; and it drops reactions and messages of threads that it has not heard of.
 */
function takeEvents(client: Client, { onReady, onEvent, onUp, log }: GatewayOptions): void {
  client.on(Events.ShardReconnecting, () => onUp(false));
  client.on(Events.ShardResume, () => onUp(true));
  let session = '';
  client.on(Events.Raw, (payload: GatewayDispatchPayload) => {
    if (payload.t === GatewayDispatchEvents.Ready) {
      session = payload.d.session_id;
      log.info({ bot: payload.d.user.id, guilds: payload.d.guilds.length }, 'Connected to Discord');
      onUp(true);
      onReady(payload.d);
      return;
    }
    onEvent({ payload, id: `${session}:${payload.s}` });
  });
}

/** What discord.js gives up on, and what it goes on trying for too long. */
export function watchEnd(client: Client, signal: AbortSignal): { end: Promise<GatewayEnd>; stop: () => void } {
  const { promise: end, resolve } = Promise.withResolvers<GatewayEnd>();
  let patience: NodeJS.Timeout | undefined;
  const onAbort = (): void => resolve({ why: 'stopped', isFinal: false });
  const isThere = (): void => {
    clearTimeout(patience);
    patience = undefined;
  };
  signal.addEventListener('abort', onAbort, { once: true });
  client.on(Events.ShardDisconnect, ({ code }) => resolve(endOfCode(code)));
  client.on(Events.ShardReconnecting, () => {
    // Said again for each try that fails, twice a second.
    patience ??= setTimeout(() => resolve({ why: 'the session could not be resumed', isFinal: false }), resumeForMs);
  });
  client.on(Events.ShardReady, isThere);
  client.on(Events.ShardResume, isThere);
  return {
    end,
    stop() {
      signal.removeEventListener('abort', onAbort);
      // discord.js says this of a connection that we end, too: a timer set then would keep the process for minutes.
      client.removeAllListeners(Events.ShardReconnecting);
      clearTimeout(patience);
    },
  };
}

const tokenWords =
  'Discord refuses the token. Make a new one on the page of the bot in the Developer Portal, put it into DISCORD_TOKEN, and restart';

const authenticationFailed: number = GatewayCloseCodes.AuthenticationFailed;

function endOfCode(code: number): GatewayEnd {
  if (code === authenticationFailed) return { why: tokenWords, isFinal: true };
  const name = GatewayCloseCodes[code] ?? 'unknown';
  return { why: `Discord closed the connection for good: ${code} (${name})`, isFinal: true };
}

function endOf(error: unknown): GatewayEnd {
  const { code, status, message } = error as { code?: unknown; status?: unknown; message?: unknown };
  if (code === 'TokenInvalid' || status === 401 || message === 'Authentication failed') {
    return { why: tokenWords, isFinal: true };
  }
  return { why: String(message ?? error), error, isFinal: false };
}
