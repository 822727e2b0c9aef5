import type { Change } from '../db/store.ts';
import { amountBytes, isFullFault, slowWriteMs } from '../model/disk.ts';
import type { Inline, Message } from '../model/message.ts';
import { alert, endAlert } from './alert.ts';
import type { DeskSettings } from './desk-settings.ts';
import { hasPassed } from './has-passed.ts';
import { diskFault, slowDiskFault, unwritableFault } from './texts/alert-text.ts';
import type { Host } from './watch-host.ts';

export interface WatchDiskDependencies {
  host: Pick<Host, 'disk' | 'tryWriting'>;
  settings: DeskSettings;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface WatchDisk {
  /** Writes a small file, and remembers what came of it. */
  probe(): Promise<void>;
  /** A fault of the disk that somebody met. */
  met(error: Error): void;
  /** Tells how the disk is. Returns whether nothing may start. `channel` is told where none is named for alerts. */
  look(change: Change, channel?: string): boolean;
  /** What is told of the fault of the moment. */
  fault(): Message;
  /** Why nothing may start. */
  reason(): Inline[];
}

/** A fault that somebody met is believed for this long, where no small file shows that it is over. */
const believedMs = 5 * 60_000;
/** Looked at with each ring of the bell, which may come many times a second. */
const probeEveryMs = 30_000;
const againFactor = 1.1;

/** Whether the disk of the data directory has room, can be written, and is quick enough. */
export function createWatchDisk({ host, settings, now, onFault }: WatchDiskDependencies): WatchDisk {
  let failure: { at: Date; said: string } | undefined;
  /** Whether the last failure was another one than too little room. */
  let isUnwritable = false;
  let probedAt: Date | undefined;
  let writeMs = { before: 0, now: 0 };

  function met(error: Error): void {
    failure = { at: now(), said: error.message };
    isUnwritable = !isFullFault(error);
  }

  function diskOrFailure(): { freeBytes: number; totalBytes: number } {
    try {
      return host.disk();
    } catch (error) {
      // The folder is gone: nobody knows of any room.
      met(error instanceof Error ? error : new Error(String(error)));
      return { freeBytes: Number.POSITIVE_INFINITY, totalBytes: 0 };
    }
  }

  function room(wasLow: boolean) {
    const { freeBytes, totalBytes } = diskOrFailure();
    const leastBytes = amountBytes(settings.minFree, totalBytes);
    // Once it is low, a little more is asked for: a disk that hovers about the limit is told once.
    return { freeBytes, leastBytes, isLow: freeBytes < (wasLow ? leastBytes * againFactor : leastBytes) };
  }

  function texts(said: string | undefined, { freeBytes, leastBytes, isLow }: ReturnType<typeof room>, since = now()) {
    if (isUnwritable) return unwritableFault(settings.hostName, said ?? '', since);
    return diskFault(settings.hostName, { freeBytes, leastBytes, said: isLow ? undefined : said });
  }

  function lookAtSpeed(change: Change): void {
    // A single slow file may be the fault of a busy host. One that hovers about the limit is told once.
    const slowMs = Math.min(writeMs.before, writeMs.now);
    const { begin, end } = slowDiskFault(settings.hostName, slowMs);
    if (slowMs >= slowWriteMs) alert(change, 'disk-slow', begin, { channel: settings.alerts, now: now() });
    else if (writeMs.now < slowWriteMs / 2) endAlert(change, 'disk-slow', end, now());
  }

  return {
    met,
    async probe() {
      const isKnown = probedAt !== undefined && !hasPassed(probeEveryMs, probedAt, now());
      if (failure === undefined && isKnown) return;
      probedAt = now();
      const { fault, tookMs } = await host.tryWriting();
      writeMs = { before: writeMs.now, now: tookMs };
      if (fault !== undefined) met(fault);
      // Where room is short a small file may fit, and a large one not.
      else if (isUnwritable) failure = undefined;
    },
    look(change, channel) {
      lookAtSpeed(change);
      if (failure !== undefined && hasPassed(believedMs, failure.at, now())) failure = undefined;
      const known = change.alerts.find('disk');
      const found = room(!isUnwritable && known !== undefined);
      // What kept it from being written once is over: by now it is the room.
      if (found.isLow && failure === undefined) isUnwritable = false;
      const { begin, end } = texts(failure?.said, found, known?.since);
      if (!found.isLow && failure === undefined) {
        // What waited for it need not wait for the next ring.
        if (endAlert(change, 'disk', end, now())) change.alarm(now());
        return false;
      }
      const isNew = alert(change, 'disk', begin, { channel: settings.alerts ?? channel, now: now() });
      if (isNew && found.isLow) onFault(new Error(`${found.freeBytes} bytes are free`), 'the disk');
      return true;
    },
    fault: () => texts(failure?.said, room(false)).begin,
    reason: () =>
      isUnwritable
        ? [`the disk of ${settings.hostName} can't be written; it goes on by itself when that is mended`]
        : [`there is too little room on the disk of ${settings.hostName}; make some there, and it goes on by itself`],
  };
}
