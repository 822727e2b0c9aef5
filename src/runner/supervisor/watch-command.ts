import { watch } from 'node:fs';

import type { CommandEnd } from '../../model/attempt.ts';
import type { CommandRequest } from '../command-request.ts';
import { createLineReader } from '../stream/json-lines.ts';
import { createClaudeActivity } from './claude-activity.ts';
import type { CommandFolder } from './command-folder.ts';
import { createFileFollower } from './file-follower.ts';
import { createWakingClock } from './waking-clock.ts';

/** Why a command must end before it does so by itself. */
export type EarlyEnd = Extract<
  CommandEnd,
  'cancelled' | 'timed-out' | 'stalled' | 'hung' | 'background-ended' | 'terminated'
>;

export interface Watch {
  close(): void;
}

/** Beside the watch on the file, which not every file system has. */
const inputPollMs = 1_000;
/** Between two looks at the time; a host that let so many go by was asleep. */
const longestLookMs = 1_000;
const missedLooks = 2;

/** Calls `onEnd('cancelled')` for a cancel line in `input.jsonl`: `{"type":"cancel"}`. The file must be there. */
export function watchInput(
  folder: CommandFolder,
  onEnd: (end: EarlyEnd) => void,
  onFault: (error: unknown) => void,
): Watch {
  const lines = createLineReader({
    onLine: (line) => {
      if (typeOf(parseLine(line)) === 'cancel') onEnd('cancelled');
    },
    onLongLine: () => {},
  });
  const follower = createFileFollower(folder.input, (chunk) => lines.push(chunk));
  const readOn = () => void follower.readOn().catch(onFault);
  const timer = setInterval(readOn, inputPollMs);
  const watcher = watchFile(folder.input, readOn);
  readOn();
  return {
    close() {
      clearInterval(timer);
      watcher?.close();
      follower.close();
    },
  };
}

/** Calls `onEnd('timed-out')` once `timeoutMs` have passed in which the host was awake. `now` is monotonic. */
export function watchTime(timeoutMs: number, onEnd: (end: EarlyEnd) => void, now?: () => number): Watch {
  const awakeMs = createWakingClock(missedLooks * longestLookMs, now);
  let timer: NodeJS.Timeout;
  const arm = () => {
    const leftMs = timeoutMs - awakeMs();
    if (leftMs <= 0) return onEnd('timed-out');
    timer = setTimeout(arm, Math.min(Math.ceil(leftMs), longestLookMs));
  };
  arm();
  return { close: () => clearTimeout(timer) };
}

/** Judges Claude by its stream. Polls, since limits are far longer than a poll and a line comes with every few words. */
export function watchStream(
  folder: CommandFolder,
  limits: CommandRequest['limits'],
  onEnd: (end: EarlyEnd) => void,
  onFault: (error: unknown) => void,
): Watch {
  const shortestMs = Math.min(limits.firstLineMs, limits.stallMs, limits.hangMs, limits.backgroundMs);
  const lookMs = Math.min(longestLookMs, Math.max(20, shortestMs / 4));
  const awakeMs = createWakingClock(missedLooks * lookMs);
  const activity = createClaudeActivity(limits, awakeMs());
  const lines = createLineReader({
    onLine: (line) => activity.see(parseLine(line), awakeMs()),
    onLongLine: (type) => activity.see({ type }, awakeMs()),
  });
  const follower = createFileFollower(folder.stream, (chunk) => lines.push(chunk));
  let isClosed = false;
  const look = async () => {
    // Read to the end before each verdict, so that one who could not look for a while does not take Claude for silent.
    await follower.readOn();
    const verdict = activity.judge(awakeMs());
    if (verdict !== 'working' && !isClosed) onEnd(verdict);
  };
  const timer = setInterval(() => void look().catch(onFault), lookMs);
  return {
    close() {
      isClosed = true;
      clearInterval(timer);
      follower.close();
    },
  };
}

function watchFile(path: string, onChange: () => void) {
  try {
    const watcher = watch(path, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // No inotify instance left: the poll does it.
    return undefined;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
}
