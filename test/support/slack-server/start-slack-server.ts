import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createActs } from './act.ts';
import { createDeliveries, type Carrier, type Deliveries, type Delivery } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import { createPeople, type People } from './people.ts';
import { createPopulate, type Populate } from './populate.ts';
import { serveHttp } from './serve-http.ts';
import type { MethodServer, RecordedCall } from './serve-method.ts';
import { createSignedCarrier } from './signed-requests.ts';
import type { EphemeralMessage, SlackChannel, SlackFile, SlackMessage } from './slack-types.ts';
import { createSockets, type Sockets } from './sockets.ts';
import type { Token } from './tokens.ts';
import { createUseViews, type UseViews } from './use-views.ts';
import { createWorld, type World } from './world.ts';
import { createEvents, createWriteAndReact, type WriteAndReact } from './write-and-react.ts';

export interface SlackServerOptions {
  /** What times of messages, triggers and response URLs are taken from. */
  now?: () => Date;
  /** What the bot's token may do; by default what the adapter's manifest asks for. */
  scopes?: string[];
  /** How long Slack waits for an acknowledgement. */
  acknowledgeWithinMs?: number;
  /** How long files take to be processed after their upload was completed. */
  fileProcessingMs?: number;
}

const usualScopes = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'reactions:read',
  'reactions:write',
  'usergroups:read',
  'users:read',
];

export interface SlackServer extends Populate, People, UseViews, WriteAndReact {
  /** What `slack.apiUrl` is set to: ends in `/api/`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  world: World;
  faults: Faults;
  sockets: Pick<Sockets, 'count' | 'announceEnd' | 'cut' | 'freeze'>;
  deliveries: Pick<Deliveries, 'all' | 'sendAgain' | 'copies' | 'retryEvents'>;
  /** Every call of a method, in the order of its answer. */
  calls: RecordedCall[];
  /** What the app did against Slack's rules: expect it to be empty. */
  violations: string[];
  /** From now on everything goes to this URL, signed, instead of sockets. */
  useHttp(url: string): void;
  revokeToken(kind: 'bot' | 'app'): void;
  /** Takes a scope away, or gives one. */
  setScopes(scopes: string[]): void;
  /** What a channel shows, oldest first; with `thread`, the replies in there. */
  messagesIn(channel: SlackChannel, thread?: SlackMessage): SlackMessage[];
  /** What a person alone sees. */
  ephemeralFor(user: { id: string }): EphemeralMessage[];
  filesOf(message: SlackMessage): SlackFile[];
  /** Waits until the app has `count` connections. */
  connected(count?: number): Promise<void>;
  /** Waits for a state, looking again whenever something has changed. */
  until: World['signal']['until'];
  close(): Promise<void>;
}

/**
 * A Slack for tests on a free loopback port: it stores what it is told, speaks the Web API and Socket Mode (or signed HTTP),
 * keeps Slack's limits, and lets a test act as people.
 */
export async function startSlackServer(options: SlackServerOptions = {}): Promise<SlackServer> {
  const world = createWorld(options.now ?? (() => new Date()));
  const secret = (): string => randomBytes(12).toString('hex');
  const bot: Token = {
    text: `xoxb-1-${secret()}`,
    kind: 'bot',
    scopes: options.scopes ?? usualScopes,
    isRevoked: false,
  };
  const app: Token = { text: `xapp-1-${secret()}`, kind: 'app', scopes: ['connections:write'], isRevoked: false };
  const signingSecret = secret();
  const stopped = new AbortController();
  const tasks = new Set<NodeJS.Timeout>();

  const later = (task: () => void): void => {
    const timer = setTimeout(() => {
      tasks.delete(timer);
      task();
      world.signal.touch();
    }, options.fileProcessingMs ?? 5);
    tasks.add(timer);
  };

  const http = createServer((request, response) => {
    serveHttp(server, faults, request, response, stopped.signal).catch((error: unknown) => {
      if (!stopped.signal.aborted) world.violations.push(`${request.url}: ${String(error)}`);
      response.destroy();
    });
  });
  const sockets = createSockets(http, world, {
    isRefused: () => faults.isNetworkCut(),
    acknowledge: (envelopeId, payload) => deliveries.acknowledge(envelopeId, payload),
  });
  const faults = createFaults(
    () => world.now().getTime(),
    () => {
      sockets.cut();
      http.closeAllConnections();
    },
  );
  let carrier: Carrier = (delivery: Delivery) => sockets.send(delivery);
  const deliveries = createDeliveries(world, () => carrier, options.acknowledgeWithinMs ?? 3000);
  const tell = createEvents(world, deliveries, () => bot.scopes);
  const calls: RecordedCall[] = [];
  const server: MethodServer = {
    world,
    tokens: [bot, app],
    calls,
    origin: () => origin,
    hooks: {
      later,
      event: (event) => void tell(event, (event['item'] as { channel: string }).channel),
      openSocketUrl: () => sockets.openUrl(origin),
    },
  };

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const acts = createActs(world, deliveries);

  return {
    ...createPopulate(world),
    ...createPeople(world, acts, () => origin),
    ...createUseViews(world, acts),
    ...createWriteAndReact(world, tell),
    apiUrl: `${origin}/api/`,
    botToken: bot.text,
    appToken: app.text,
    signingSecret,
    world,
    faults,
    sockets,
    deliveries,
    calls,
    violations: world.violations,
    useHttp: (url) => {
      carrier = createSignedCarrier({ url, secret: signingSecret, acknowledge: deliveries.acknowledge });
    },
    revokeToken: (kind) => void ((kind === 'bot' ? bot : app).isRevoked = true),
    setScopes: (scopes) => void (bot.scopes = scopes),
    messagesIn: ({ id }, thread) =>
      world.messages.filter(
        (one) =>
          one.channel === id &&
          !one.isDeleted &&
          (thread === undefined ? one.thread_ts === undefined || one.isBroadcast : one.thread_ts === thread.ts),
      ),
    ephemeralFor: ({ id }) => world.ephemeral.filter((one) => one.user === id && !one.isDeleted),
    filesOf: ({ files }) => files.flatMap((id) => world.files.get(id) ?? []),
    connected: async (count = 1) => {
      await world.signal.until(`${count} connections`, () => sockets.count() >= count);
    },
    until: world.signal.until,
    close: () => {
      stopped.abort();
      tasks.forEach((timer) => clearTimeout(timer));
      deliveries.close();
      sockets.close();
      world.signal.close();
      return new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}
