/** A message that changed, to be sent to those who watch. */
export interface FeedEntry {
  sequence: number;
  message: number;
  kind: 'added' | 'edited' | 'reactions';
}

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
  toFrame: (entry: FeedEntry) => Frame | undefined;
  maxPending: number;
  /** Cuts the connection of a client that takes nothing any more. */
  drop: () => void;
  onEnd: () => void;
}

const reconnectMs = 2000;
const maxSilentBeats = 4;

/**
 * One watcher. Nothing is put into the stream before the connection asks for it, and of each message only the newest change
 * waits, up to `maxPending` messages.
 */
export function createEventClient(options: EventClientOptions): EventClient {
  const encoder = new TextEncoder();
  const pending = new Map<number, FeedEntry>();
  let isLost = false;
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
  const takeText = (): string | undefined => {
    if (isLost) {
      isLost = false;
      return renderFrame(options.lost());
    }
    for (const [message, entry] of pending) {
      pending.delete(message);
      const frame = options.toFrame(entry);
      if (frame !== undefined) return renderFrame(frame);
    }
    return undefined;
  };
  const sendNext = (): void => {
    const text = takeText();
    if (text !== undefined) send(text);
  };
  const finish = (close: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void => {
    if (controller === undefined) return;
    const ended = controller;
    controller = undefined;
    pending.clear();
    close(ended);
    wake?.();
    options.onEnd();
  };

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
      cancel() {
        finish(() => {});
      },
    },
    { highWaterMark: 0 },
  );

  return {
    stream,
    add(entry) {
      const before = pending.get(entry.message);
      pending.delete(entry.message);
      pending.set(entry.message, before?.kind === 'added' ? { ...entry, kind: 'added' } : entry);
      if (pending.size > options.maxPending) {
        pending.clear();
        isLost = true;
      }
      if (wake !== undefined) sendNext();
    },
    beat() {
      silentBeats += 1;
      if (wake !== undefined) send(': still here\n\n');
      else if (silentBeats > maxSilentBeats) {
        finish(() => {});
        options.drop();
      }
    },
    end: () => finish((each) => each.close()),
  };
}

const renderFrame = ({ id, event, data }: Frame): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
