import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { botScopes } from '../../../src/bots/slack/scopes.ts';
import { createActs } from './act.ts';
import { createDeliveries, type Carrier, type Deliveries, type Delivery } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import { createLater } from './later.ts';
import { createLook, type Look } from './look.ts';
import { createPeople, type People } from './people.ts';
import { createPopulate, type Populate } from './populate.ts';
import { serveHttp } from './serve-http.ts';
import type { MethodServer, RecordedCall } from './serve-method.ts';
import { createSignedCarrier, verifyUrl } from './signed-requests.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createGrants, type Grants } from './tokens.ts';
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
}

export interface SlackServer extends Populate, People, UseViews, WriteAndReact, Look, Grants {
  /** What `slack.apiUrl` is set to: ends in `/api/`. */
  apiUrl: string;
  world: World;
  faults: Faults;
  sockets: Pick<Sockets, 'count' | 'announceEnd' | 'cut' | 'freeze'>;
  deliveries: Pick<Deliveries, 'all' | 'sendAgain' | 'copies' | 'retryEvents'>;
  /** Every call of a method, in the order of its answer. */
  calls: RecordedCall[];
  /** What the app did against Slack's rules: expect it to be empty. */
  violations: string[];
  /** Files of which the upload is completed are in no thread until the returned function is called. */
  holdFiles(): () => void;
  /** From now on everything goes to this URL, signed, instead of sockets. */
  useHttp(url: string): void;
  /** Whether that URL answers Slack's challenge. */
  verifyUrl(url: string): Promise<boolean>;
  /** Waits until the app has `count` connections. */
  connected(count?: number): Promise<void>;
  close(): Promise<void>;
}

/** How long files take to be processed after their upload was completed. */
const fileProcessingMs = 5;

/**
 * A Slack for tests on a free loopback port: it stores what it is told, speaks the Web API and Socket Mode (or signed HTTP),
 * keeps Slack's limits, and lets a test act as people.
 */
export async function startSlackServer(options: SlackServerOptions = {}): Promise<SlackServer> {
  const world = createWorld(options.now ?? (() => new Date()));
  const { tokens, grants } = createGrants(options.scopes ?? Object.keys(botScopes));
  const { later, hold, close: dropTasks } = createLater(world, fileProcessingMs);
  const stopped = new AbortController();

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
  const tell = createEvents(world, deliveries, grants.scopes);
  const event = (one: Record<string, unknown>): void => void tell(one, (one['item'] as { channel: string }).channel);
  const hooks = { later, event, openSocketUrl: () => sockets.openUrl(origin) };
  const server: MethodServer = { world, tokens, calls: [], origin: () => origin, hooks };

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
    ...createLook(world),
    ...grants,
    apiUrl: `${origin}/api/`,
    world,
    faults,
    sockets,
    deliveries,
    calls: server.calls,
    violations: world.violations,
    holdFiles: hold,
    useHttp: (url) => {
      carrier = createSignedCarrier({ url, secret: grants.signingSecret, acknowledge: deliveries.acknowledge });
    },
    verifyUrl: (url) => verifyUrl(url, grants.signingSecret),
    connected: async (count = 1) => {
      await world.signal.until(`${count} connections`, () => sockets.count() >= count);
    },
    close: () => {
      stopped.abort();
      [dropTasks, deliveries.close, sockets.close, world.signal.close].forEach((end) => end());
      return new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}
