import { setTimeout as sleep } from 'node:timers/promises';

import type { WebDesk } from './web-desk.ts';

export interface RunLogRequest {
  person: string;
  run: number;
  /** The attempt to begin with; `undefined` where there is none yet. */
  attempt: number | undefined;
  /** Whether to end with that attempt; else those that come after it are followed too. */
  isAlone: boolean;
  /** Byte of `attempt` to start from: what is before it, and the rest of its line, is left out. */
  offset: number;
  /** Whether to go on until the attempt, or the run, is over. */
  follow: boolean;
  followMs: number;
  /** Whether the reader may still read. */
  isLetIn: () => boolean;
  signal: AbortSignal;
}

const maxBytes = 64 * 1024;
const newline = 10;

/** Yields a run's transcript in parts. Ends early, without an error, when `signal` is aborted or the reader is let in no more. */
export async function* readRunLog(desk: WebDesk, request: RunLogRequest): AsyncGenerator<Uint8Array> {
  let { attempt, offset } = request;
  attempt ??= request.follow ? await awaitAttempt(desk, request, 0) : undefined;
  while (attempt !== undefined) {
    yield* readAttempt(desk, request, attempt, offset);
    offset = 0;
    attempt = request.isAlone || !request.follow ? undefined : await awaitAttempt(desk, request, attempt);
  }
}

/** The attempt after `number`; undefined where the run ended without one. */
async function awaitAttempt(desk: WebDesk, request: RunLogRequest, number: number): Promise<number | undefined> {
  while (goesOn(request)) {
    const run = desk.findRun(request.person, request.run);
    const next = run?.attempts.find((attempt) => attempt.number > number);
    if (next !== undefined || run?.isLive !== true) return next?.number;
    await pause(request);
  }
  return undefined;
}

async function* readAttempt(
  desk: WebDesk,
  request: RunLogRequest,
  attempt: number,
  from: number,
): AsyncGenerator<Uint8Array> {
  const { run } = request;
  let offset = from;
  while (goesOn(request)) {
    const { bytes, isLive } = await desk.readFile({ run, attempt, file: 'transcript', offset, maxBytes });
    const isCut = from > 0 && offset === from;
    offset += bytes.length;
    if (bytes.length > 0) yield isCut ? bytes.subarray(bytes.indexOf(newline) + 1) : bytes;
    else if (request.follow && isLive) await pause(request);
    else return;
  }
}

const goesOn = ({ signal, isLetIn }: RunLogRequest): boolean => !signal.aborted && isLetIn();

async function pause({ followMs, signal }: RunLogRequest): Promise<void> {
  // The only reason to reject is the abort, which the loops ask for themselves.
  await sleep(followMs, undefined, { signal }).catch(() => {});
}
