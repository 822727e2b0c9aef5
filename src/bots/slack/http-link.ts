import type { Server } from 'node:http';

import { HTTPReceiver, type App, type Logger as BoltLogger } from '@slack/bolt';

import type { Link } from './sockets.ts';
import { within } from '../within.ts';

export interface HttpLinkOptions {
  /** What Slack signs its requests with. */
  signingSecret: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  path: string;
  boltLog: BoltLogger;
  onConnected: () => void;
  /** How long a request may take to arrive. */
  requestWithinMs?: number | undefined;
}

/** Slack's own requests come at once. Whoever else reaches the port must not hold a connection for long, nor much memory. */
const usualRequestWithinMs = 30_000;
const maxConnections = 200;
/** A form comes with all of its blocks, which are 250 kB at most, encoded. */
const maxBodyBytes = 1024 * 1024;

/** How long a request that is being answered holds up the end. */
const lastRequestsMs = 500;

/** Slack posts what people do to a port of ours. What it did not sign is refused. */
export function createHttpLink(options: HttpLinkOptions): Link {
  const { signingSecret, host, port, path, boltLog, onConnected, requestWithinMs = usualRequestWithinMs } = options;
  let stop = async (): Promise<void> => {};
  let isListening = false;
  return {
    async run(app) {
      const receiver = new HTTPReceiver({ signingSecret, endpoints: path, logger: boltLog, bodyLimit: maxBodyBytes });
      // A receiver asks nothing else of the app.
      receiver.init(app as App);
      const server: Pick<Server, 'closeAllConnections' | 'maxConnections'> = await receiver.start(
        { host, port },
        {
          headersTimeout: requestWithinMs,
          requestTimeout: requestWithinMs,
          connectionsCheckingInterval: Math.min(5_000, requestWithinMs),
        },
      );
      server.maxConnections = maxConnections;
      isListening = true;
      stop = async () => {
        isListening = false;
        const stopped = receiver.stop();
        await within(stopped, lastRequestsMs);
        server.closeAllConnections();
        await stopped;
      };
      onConnected();
    },
    stop: () => {
      const last = stop;
      stop = async () => {};
      return last();
    },
    isUp: () => isListening,
  };
}
