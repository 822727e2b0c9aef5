import type { Change, Store } from '../db/store.ts';
import { isDiskFault } from '../model/disk.ts';
import type { Message } from '../model/message.ts';
import { platformOf } from '../model/platform-of.ts';
import { alert, endAlert } from './alert.ts';
import type { DeskSettings } from './desk-settings.ts';
import { hasPassed } from './has-passed.ts';
import type { Wait } from './hold-login.ts';
import { tellElsewhere } from './tell-elsewhere.ts';
import type { TellPastStore } from './tell-past-store.ts';
import { claudeFault, configurationFault, deliveryFault, projectFault, storeFault } from './texts/alert-text.ts';
import { createWatchDisk } from './watch-disk.ts';

/** What the desk can ask of the host that it runs on. */
export interface Host {
  /** Of the data directory. */
  disk(): { freeBytes: number; totalBytes: number };
  /**
   * Writes a small file in the data directory: what kept it from being written, and how long it took. Some seconds are waited
   * at most; it may be under way still.
   */
  tryWriting(): Promise<{ fault: Error | undefined; tookMs: number }>;
  /** Whether a project's folder is there. May take long, or for ever: it can lie on a network. */
  isFolder(path: string): Promise<boolean>;
  /** The program of Claude Code, where it is not found in the environment that runs get. */
  missingClaude(): string | undefined;
}

export interface WatchHostDependencies {
  store: Store;
  host: Host;
  settings: DeskSettings;
  pastStore: TellPastStore;
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface WatchHost {
  /** Looks at everything that can be at fault; to be called often. What is at fault is looked at again every five minutes. */
  look(): void;
  /** A fault that somebody met: one of the disk or the store is told. */
  noticed(error: unknown): void;
  /**
   * Why no run can start, by the room on the disk, and when it is looked at again. `channel` is told of it where none is named
   * for alerts.
   */
  diskWait(change: Change, channel: string): Wait | undefined;
  /** The configuration was read again: with what is wrong with it, where it was not taken over. */
  configurationRead(refusal: string | undefined): void;
  /** Resolves when it is looking at nothing. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const lookAgainMs = 5 * 60_000;
/** Where no alarm can be written, by a timer. */
const unwrittenAgainMs = 10_000;
const deliveryGraceMs = 60 * 60_000;
/** A fault of the store that came once is over after this long. */
const storeQuietMs = 10 * 60_000;

/** A folder that takes longer to answer keeps nothing else from being told. */
const folderPatienceMs = 5_000;

/** Tells faults of the host in the channel for alerts, each once while it lasts. */
export function createWatchHost(dependencies: WatchHostDependencies): WatchHost {
  const { store, host, settings, pastStore, deliver, now, onFault } = dependencies;
  const disk = createWatchDisk({ host, settings, now, onFault });
  let isStopped = false;
  let looking: Promise<void> | undefined;
  let asking: Promise<void> | undefined;
  /** The projects whose folder was not there when all of them had answered. */
  let gone: Set<string> | undefined;
  let lookSetAt: Date | undefined;
  let again: NodeJS.Timeout | undefined;
  let storeFailedAt: Date | undefined;

  const tell = (change: Change, key: string, texts: { begin: Message }, channel = settings.alerts): boolean =>
    alert(change, key, texts.begin, { channel, now: now() });

  function lookAtDelivery(change: Change): void {
    const failing = change.outbox.failing();
    for (const each of failing) {
      const channel = settings.alerts === each.channel ? otherChannel(settings, each.channel) : settings.alerts;
      const { begin } = deliveryFault(settings.hostName, each);
      const key = `delivery:${each.channel}`;
      alert(change, key, begin, { channel, afterMs: deliveryGraceMs, now: now() });
      const since = change.alerts.find(key)?.since ?? now();
      tellElsewhere(change, { ...each, since }, { alerts: settings.alerts, afterMs: deliveryGraceMs, now: now() });
    }
    endOthers(change, 'delivery:', new Set(failing.map(({ channel }) => channel)), (channel) =>
      deliveryFault(settings.hostName, { channel, count: 0, lastError: null }),
    );
  }

  /** Ends the alerts of a kind whose subject is not among those at fault. */
  function endOthers(
    change: Change,
    prefix: string,
    atFault: Set<string>,
    texts: (subject: string) => { end: Message },
  ): void {
    for (const { key } of change.alerts.active()) {
      const subject = key.slice(prefix.length);
      if (key.startsWith(prefix) && !atFault.has(subject)) endAlert(change, key, texts(subject).end, now());
    }
  }

  /** One after the other: each that does not answer holds one of the few threads that files are read with. */
  async function askForFolders(): Promise<void> {
    const found = new Set<string>();
    for (const { name, path } of settings.projects.values()) if (!(await host.isFolder(path))) found.add(name);
    gone = found;
  }

  /** Waits for a while, and for what was asked for at an earlier look not at all. */
  async function lookForFolders(): Promise<void> {
    if (asking !== undefined) return;
    asking = askForFolders().finally(() => (asking = undefined));
    const late = Promise.withResolvers<void>();
    const patience = setTimeout(late.resolve, folderPatienceMs).unref();
    await Promise.race([asking, late.promise]);
    clearTimeout(patience);
  }

  function lookAtProjects(change: Change): void {
    if (gone === undefined) return;
    for (const name of gone) {
      const isNew = tell(change, `project:${name}`, projectFault(settings.hostName, name));
      if (isNew) onFault(new Error(`the folder of project ${name} is not there`), 'the projects');
    }
    endOthers(change, 'project:', gone, (name) => projectFault(settings.hostName, name));
  }

  async function lookAround(): Promise<void> {
    await lookForFolders();
    if (isStopped) return;
    await disk.probe();
    const program = host.missingClaude();
    changeOrTell((change) => {
      disk.look(change);
      lookAtDelivery(change);
      lookAtProjects(change);
      const claude = claudeFault(settings.hostName, program ?? 'claude');
      if (program === undefined) endAlert(change, 'claude', claude.end, now());
      else tell(change, 'claude', claude);
      if (storeFailedAt === undefined || hasPassed(storeQuietMs, storeFailedAt, now())) {
        endAlert(change, 'store', storeFault(settings.hostName, '').end, now());
      }
      lookAgain(change);
    });
    deliver();
  }

  /** Writes down what was told past the store; where nobody could be told, and `look` finds that it lasts, it is told now. */
  function withPastStore<T>(change: Change, look: () => T): T {
    const isUntold = pastStore.keep(change, 'disk', settings.alerts);
    const looked = look();
    const known = isUntold ? change.alerts.find('disk') : undefined;
    if (known !== undefined && known.channel !== null) {
      change.outbox.post({ key: `alert:${known.id}:begin`, channel: known.channel, body: disk.fault() }, now());
    }
    return looked;
  }

  /** Where the store takes nothing, that is told past it, and looked at again by a timer. */
  function changeOrTell(fn: (change: Change) => void): void {
    try {
      store.change((change) => withPastStore(change, () => fn(change)));
    } catch (error) {
      // An alarm that was set here is not there.
      lookSetAt = undefined;
      if (!isDiskFault(error)) throw error;
      disk.met(error);
      pastStore.tell(settings.alerts, disk.fault());
      if (isStopped) return;
      again ??= setTimeout(() => {
        again = undefined;
        look();
      }, unwrittenAgainMs).unref();
    }
  }

  /** One alarm at a time, while something is at fault. */
  function lookAgain(change: Change): void {
    const isSet = lookSetAt !== undefined && !hasPassed(lookAgainMs, lookSetAt, now());
    if (isSet || change.alerts.active().length === 0) return;
    lookSetAt = now();
    change.alarm(new Date(lookSetAt.getTime() + lookAgainMs));
  }

  function look(): void {
    if (isStopped || looking !== undefined) return;
    looking = lookAround()
      .catch((error: unknown) => onFault(error, 'looking at the host'))
      .finally(() => (looking = undefined));
  }

  return {
    look,
    noticed(error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const said = error instanceof Error ? error.message : '';
      const isDisk = isDiskFault(error);
      if (!isDisk && !isStoreFault(code)) return;
      if (isDisk) disk.met(error);
      else storeFailedAt = now();
      // What failed may be a change that had set the alarm.
      lookSetAt = undefined;
      try {
        changeOrTell((change) => {
          if (isDisk) disk.look(change);
          else tell(change, 'store', storeFault(settings.hostName, said));
          lookAgain(change);
        });
        deliver();
      } catch {
        // A fault on the way to telling a fault: the log has the one that was noticed.
      }
    },
    diskWait(change, channel) {
      if (!withPastStore(change, () => disk.look(change, channel))) return undefined;
      lookAgain(change);
      const until = new Date(now().getTime() + lookAgainMs);
      return { reason: disk.reason(), until };
    },
    configurationRead(refusal) {
      store.change((change) => {
        const texts = configurationFault(settings.hostName, refusal ?? '');
        if (refusal === undefined) endAlert(change, 'configuration', texts.end, now());
        else tell(change, 'configuration', texts);
      });
      deliver();
    },
    async idle() {
      await looking;
      await pastStore.idle();
    },
    async stop() {
      isStopped = true;
      clearTimeout(again);
      await looking;
      await pastStore.idle();
    },
  };
}

/** A locked store is waited for and tried again: that is no fault yet. */
const isStoreFault = (code: string): boolean => /^SQLITE_(?!BUSY|LOCKED|CONSTRAINT)/.test(code);

/** Where it is told that the channel for alerts can't be reached: preferably on another platform. */
function otherChannel({ channels }: DeskSettings, alerts: string): string | undefined {
  const others = [...channels.keys()].filter((channel) => channel !== alerts);
  return others.find((channel) => platformOf(channel) !== platformOf(alerts)) ?? others[0];
}
