import { createPendingChanges, type FeedEntry } from './pending-changes.ts';

/** One server-sent event. */
export interface Frame {
  id: string;
  event: string;
  data: unknown;
}

export interface EventClient {
  stream: ReadableStream<Uint8Array>;
  add(entry: FeedEntry): void;
  /** Sends a sign of life, or ends a client that takes nothing any more. */
  beat(): void;
  end(): void;
}

export interface EventClientOptions {
  first: Frame;
  /** What is sent in place of changes that were too many to keep. */
  lost: () => Frame;
  /** May throw: the watcher is let go then, and comes again. */
  toFrame: (entry: FeedEntry) => Frame | undefined;
  /** Asked before each thing that is sent: who is not any more is let go. May throw. */
  isLetIn: () => boolean;
  maxPending: number;
  /** Cuts the connection of a client that takes nothing any more. */
  drop: () => void;
  onEnd: () => void;
  onFault: (error: unknown) => void;
}

const reconnectMs = 2000;
const maxSilentBeats = 4;

/** One watcher. Nothing is put into its stream before the connection asks for it. */
export function createEventClient(options: EventClientOptions): EventClient {
  const encoder = new TextEncoder();
  const pending = createPendingChanges(options.maxPending);
  let silentBeats = 0;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Set while the connection waits for something to send. */
  let wake: (() => void) | undefined;

  const send = (text: string): void => {
    silentBeats = 0;
    controller?.enqueue(encoder.encode(text));
    wake?.();
    wake = undefined;
  };
  const ifLetIn = (act: () => void): void => {
    try {
      if (options.isLetIn()) act();
      else end();
    } catch (error) {
      // Whoever posts must not fail for it. The last id that the watcher has got is from before what was not read.
      options.onFault(error);
      end();
    }
  };
  const sendNext = (): void =>
    ifLetIn(() => {
      for (let entry = pending.take(); entry !== undefined; entry = pending.take()) {
        const frame = entry === 'lost' ? options.lost() : options.toFrame(entry);
        if (frame !== undefined) return send(renderFrame(frame));
      }
    });
  const finish = (close: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void => {
    if (controller === undefined) return;
    close(controller);
    controller = undefined;
    wake?.();
    options.onEnd();
  };
  const end = (): void => finish((each) => each.close());
  const stream = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
        send(`retry: ${reconnectMs}\n${renderFrame(options.first)}`);
      },
      pull() {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        sendNext();
        return promise;
      },
      cancel: () => finish(() => {}),
    },
    { highWaterMark: 0 },
  );

  return {
    stream,
    add(entry) {
      pending.add(entry);
      if (wake !== undefined) sendNext();
    },
    beat() {
      silentBeats += 1;
      if (wake !== undefined) return ifLetIn(() => send(': still here\n\n'));
      if (silentBeats <= maxSilentBeats) return;
      finish(() => {});
      options.drop();
    },
    end,
  };
}

const renderFrame = ({ id, event, data }: Frame): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
