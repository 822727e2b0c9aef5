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
}

/** How long a request that is being answered holds up the end. */
const lastRequestsMs = 500;

/** Slack posts what people do to a port of ours. What it did not sign is refused. */
export function createHttpLink(options: HttpLinkOptions): Link {
  const { signingSecret, host, port, path, boltLog, onConnected } = options;
  let stop = async (): Promise<void> => {};
  let isListening = false;
  return {
    async run(app) {
      const receiver = new HTTPReceiver({ signingSecret, endpoints: path, logger: boltLog });
      // A receiver asks nothing else of the app.
      receiver.init(app as App);
      const server: Pick<Server, 'closeAllConnections'> = await receiver.start({ host, port });
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
