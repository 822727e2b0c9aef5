import { setTimeout as pause } from 'node:timers/promises';

import type { Store } from '../src/db/store.ts';
import { bold, buttons, claudeSays, line, output, type Message } from '../src/model/message.ts';

const resultsPerChannel = 10;

const runningBody = (run: string): Message => [
  line('⏳ ', bold('upgrade-deps'), ` ${run}`),
  buttons({ kind: 'cancel', target: run }),
];
const endedBody = (run: string): Message => [
  line('✅ ', bold('upgrade-deps'), ` ${run} succeeded on attempt 2 · 21 min · about $1.12`),
  claudeSays('14 dependencies raised; **two** call sites rewritten.'),
  buttons({ kind: 'retry', target: run }, { kind: 'log', target: run }),
];
const proof: Message = [line('✅ `npm test` failed before, passes now'), output('212 passed')];

/** Shows the status messages of ten runs in each channel. */
export const showRunning = (store: Store, channels: readonly string[]): void => show(store, channels, runningBody);

/** Has them all end at once: their status messages change, and each thread gets its proof and files. */
export const showEnded = (store: Store, channels: readonly string[], files: { name: string; path: string }[]): void =>
  show(store, channels, endedBody, files);

function show(
  store: Store,
  channels: readonly string[],
  body: (run: string) => Message,
  attachments?: { name: string; path: string }[],
): void {
  store.change(({ outbox }) => {
    for (const [place, channel] of channels.entries()) {
      for (let index = 0; index < resultsPerChannel; index += 1) {
        const run = `r${place * resultsPerChannel + index + 1}`;
        outbox.show({ key: `run:${run}`, channel, body: body(run) }, new Date());
        if (attachments === undefined) continue;
        outbox.post({ key: `result:${run}`, channel, threadOf: `run:${run}`, body: proof, attachments }, new Date());
      }
    }
  });
}

/** Resolves when nothing waits for the channels any more. */
export async function untilDelivered(
  store: Store,
  channels: readonly string[],
  deliver: { idle(): Promise<void> },
): Promise<void> {
  const isWaiting = (): boolean => store.outbox.waitingChannels().some((channel) => channels.includes(channel));
  while (isWaiting()) {
    await deliver.idle();
    await pause(50);
  }
}
