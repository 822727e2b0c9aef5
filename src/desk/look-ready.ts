import type { Chat } from '../bots/chat.ts';
import type { Store } from '../db/store.ts';
import { amountBytes, formatBytes, slowWriteMs } from '../model/disk.ts';
import type { DeskSettings } from './desk-settings.ts';
import type { Host } from './watch-host.ts';

/** One thing that nightdesk needs to do its work. `why` names no people, paths or secrets. */
export interface ReadyPart {
  isOk: boolean;
  why?: string;
}

/** By name: `store`, `clock`, `disk`, and each platform. */
export type Readiness = Record<string, ReadyPart>;

export interface LookReadyDependencies {
  store: Pick<Store, 'change'>;
  chats: ReadonlyMap<string, Chat>;
  host: Pick<Host, 'disk' | 'tryWriting'>;
  settings: Pick<DeskSettings, 'minFree'>;
  now: () => Date;
  /** How long an alarm may take to ring: 2 s unless given. */
  ringWithinMs?: number | undefined;
}

export interface LookReady {
  /** To be called whenever the bell has rung and what was due is done. */
  rang(): void;
  /** Tries each part. Askers within a second share one look. */
  look(): Promise<Readiness>;
}

/** Whoever may ask may ask often, and each look writes to the disk. */
const freshMs = 1_000;

/** Whether everything works that a run and its telling need: by doing it, where that can be done. */
export function createLookReady(dependencies: LookReadyDependencies): LookReady {
  const { store, chats, host, settings, now, ringWithinMs = 2_000 } = dependencies;
  const waiting = new Set<() => void>();
  let last: { at: number; found: Promise<Readiness> } | undefined;

  /** Writes an alarm for now, and waits for it to ring: the store takes it, and the clock is wound. */
  async function lookAtStoreAndClock(): Promise<Readiness> {
    const { promise: rung, resolve } = Promise.withResolvers<boolean>();
    const onRing = (): void => resolve(true);
    waiting.add(onRing);
    try {
      store.change((change) => change.alarm(now()));
    } catch (error) {
      waiting.delete(onRing);
      const why = error instanceof Error ? error.message : String(error);
      return { store: { isOk: false, why }, clock: { isOk: false, why: 'no alarm can be written' } };
    }
    const patience = setTimeout(() => resolve(false), ringWithinMs);
    const isRung = await rung;
    clearTimeout(patience);
    waiting.delete(onRing);
    const why = `an alarm has not rung for ${ringWithinMs / 1000} s`;
    return { store: { isOk: true }, clock: isRung ? { isOk: true } : { isOk: false, why } };
  }

  async function look(): Promise<Readiness> {
    const platforms = [...chats].map(([platform, chat]): [string, ReadyPart] => {
      const isOk = chat.isConnected?.() ?? true;
      return [platform, isOk ? { isOk } : { isOk, why: 'not connected' }];
    });
    return {
      ...(await lookAtStoreAndClock()),
      disk: await lookAtDisk(host, settings),
      ...Object.fromEntries(platforms),
    };
  }

  return {
    rang() {
      for (const tell of waiting) tell();
    },
    look() {
      if (last === undefined || performance.now() - last.at >= freshMs) last = { at: performance.now(), found: look() };
      return last.found;
    },
  };
}

async function lookAtDisk(
  host: Pick<Host, 'disk' | 'tryWriting'>,
  { minFree }: Pick<DeskSettings, 'minFree'>,
): Promise<ReadyPart> {
  const { fault, tookMs } = await host.tryWriting();
  if (fault !== undefined) return { isOk: false, why: `it can't be written${codeOf(fault)}` };
  if (tookMs >= slowWriteMs) {
    return { isOk: false, why: `it is slow: a small file took ${(tookMs / 1000).toFixed(1)} s to be written` };
  }
  try {
    const { freeBytes, totalBytes } = host.disk();
    const leastBytes = amountBytes(minFree, totalBytes);
    if (freeBytes >= leastBytes) return { isOk: true };
    return { isOk: false, why: `${formatBytes(freeBytes)} are free, ${formatBytes(leastBytes)} are needed` };
  } catch (error) {
    return { isOk: false, why: `its free space can't be read${codeOf(error)}` };
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
