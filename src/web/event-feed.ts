import { createEventClient, type EventClient, type Frame } from './event-client.ts';
import type { FeedEntry } from './pending-changes.ts';

export interface Watcher {
  /** As the browser gave it. */
  lastEventId?: string | undefined;
  /** Whether they may still watch. */
  isLetIn: () => boolean;
  /** Cuts the connection: it has taken nothing for a minute or so. */
  drop: () => void;
}

export interface EventFeed {
  publish(kind: FeedEntry['kind'], message: number): void;
  /** A stream of server-sent events; `undefined` where too many are connected. */
  connect(watcher: Watcher): ReadableStream<Uint8Array> | undefined;
  /** Ends all streams. */
  stop(): void;
}

export interface EventFeedOptions {
  /** Tells this life of the server from others in event ids. */
  epoch: string;
  /** The message's JSON as it is now; undefined where it is gone. May throw where the store can't be read. */
  render: (message: number) => unknown;
  onFault: (error: unknown) => void;
  heartbeatMs: number;
  /** How many changes a client may have missed and still go on without loading everything again. */
  historyLength: number;
  maxClients: number;
}

/**
 * Tells watchers which messages changed. Only ids are kept, for the history and for each client: the message is read when
 * it is sent, so a slow client costs a bounded amount and gets the newest state.
 *
 * Events: `hello {resumed}` first and whenever changes were lost (`resumed: false`: load again), then
 * `message {change, message}`.
 */
export function createEventFeed(options: EventFeedOptions): EventFeed {
  const clients = new Set<EventClient>();
  const history: FeedEntry[] = [];
  let sequence = 0;

  const idOf = (number: number): string => `${options.epoch}-${number}`;
  const hello = (resumed: boolean, at: number): Frame => ({ id: idOf(at), event: 'hello', data: { resumed } });
  const toFrame = ({ sequence: at, kind, message }: FeedEntry): Frame | undefined => {
    const data = options.render(message);
    return data === undefined ? undefined : { id: idOf(at), event: 'message', data: { change: kind, message: data } };
  };

  /** What came after `lastEventId`; undefined where that can't be told. */
  const missedSince = (lastEventId: string | undefined): FeedEntry[] | undefined => {
    const [, epoch, digits] = /^(.+)-(\d{1,15})$/.exec(lastEventId ?? '') ?? [];
    const last = Number(digits);
    const oldest = history[0]?.sequence ?? sequence + 1;
    if (epoch !== options.epoch || last > sequence || last < oldest - 1) return undefined;
    return history.filter((entry) => entry.sequence > last);
  };

  const heartbeat = setInterval(() => {
    for (const client of clients) client.beat();
  }, options.heartbeatMs);
  heartbeat.unref();

  return {
    publish(kind, message) {
      sequence += 1;
      const entry = { sequence, message, kind };
      history.push(entry);
      if (history.length > options.historyLength) history.shift();
      for (const client of clients) client.add(entry);
    },
    connect({ lastEventId, isLetIn, drop }) {
      if (clients.size >= options.maxClients) return undefined;
      const missed = missedSince(lastEventId);
      const start = missed?.[0] === undefined ? sequence : missed[0].sequence - 1;
      const client = createEventClient({
        first: hello(missed !== undefined, start),
        lost: () => hello(false, sequence),
        toFrame,
        isLetIn,
        maxPending: options.historyLength,
        drop,
        onEnd: () => void clients.delete(client),
        onFault: options.onFault,
      });
      for (const entry of missed ?? []) client.add(entry);
      clients.add(client);
      return client.stream;
    },
    stop() {
      clearInterval(heartbeat);
      for (const client of clients) client.end();
    },
  };
}
