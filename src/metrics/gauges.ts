import { Gauge, type Registry } from 'prom-client';

import type { Measures } from '../db/measures.ts';
import { holdCauses } from '../model/hold.ts';
import { platformOf } from '../model/platform-of.ts';
import { liveStatuses } from '../model/run.ts';
import type { MetricsOptions } from './create-metrics.ts';

/** What came of writing a small file. */
type Written = Awaited<ReturnType<MetricsOptions['tryWriting']>>;

/** What there is now. Call what it returns before the registry is read. */
export function createGauges(registry: Registry, options: MetricsOptions): (written: Written) => void {
  const { measure, connections, freeBytes, now } = options;
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `nightdesk_${name}`, help, labelNames, registers: [registry] });
  const store = gauge('store_up', 'Whether the store could be read for this answer.');
  const free = gauge('disk_free_bytes', 'Free space on the disk of the data directory.');
  const writable = gauge('disk_writable', 'Whether a small file could be written there for this answer.');
  const write = gauge('disk_write_seconds', 'How long that took; one that is under way counts with its time so far.');
  const connected = gauge('chat_connected', 'Whether the platform is connected.', ['platform']);
  const showStored = createStoredGauges(gauge);
  return ({ fault, tookMs }) => {
    writable.set(Number(fault === undefined));
    write.set(tookMs / 1000);
    const bytes = attempt(freeBytes);
    if (bytes === undefined) free.remove();
    else free.set(bytes);
    connected.reset();
    for (const [platform, isConnected] of connections()) connected.set({ platform }, Number(isConnected));
    const found = attempt(measure);
    store.set(Number(found !== undefined));
    showStored(found, [...connections().keys()], now());
  };
}

type MakeGauge = <Label extends string = never>(name: string, help: string, labelNames?: Label[]) => Gauge<Label>;

function createStoredGauges(gauge: MakeGauge) {
  const runs = gauge('runs', 'Runs that have not ended, by status.', ['status']);
  const queueLength = gauge('queue_length', 'Runs that wait for a place.');
  const queueAge = gauge('queue_oldest_age_seconds', 'Since when the first of them waits; 0 where none does.');
  const waiting = gauge('deliveries_waiting', 'Messages and edits that wait to be delivered.', ['platform']);
  const waitingAge = gauge(
    'delivery_oldest_age_seconds',
    'Age of the oldest new message that waits to be delivered; 0 where none does.',
    ['platform'],
  );
  const holds = gauge('holds', 'What keeps every run from working.', ['cause']);
  const alerts = gauge('alerts', 'Faults of the host that last.', ['fault']);
  const all = [runs, queueLength, queueAge, waiting, waitingAge, holds, alerts];

  return (found: Measures | undefined, platforms: string[], now: Date): void => {
    for (const each of all) each.reset();
    // Nothing is told of what could not be read: a 0 would say that all is well.
    if (found === undefined) {
      for (const each of [queueLength, queueAge]) each.remove();
      return;
    }
    const ageOf = (at: Date): number => Math.max(0, (now.getTime() - at.getTime()) / 1000);
    for (const status of liveStatuses) runs.set({ status }, 0);
    for (const { status, count } of found.runs) runs.set({ status }, count);
    const queued = found.runs.find(({ status }) => status === 'queued');
    queueLength.set(queued?.count ?? 0);
    queueAge.set(queued === undefined ? 0 : ageOf(queued.oldestAt));
    for (const platform of platforms) {
      waiting.set({ platform }, 0);
      waitingAge.set({ platform }, 0);
    }
    const oldest = new Map<string, number>();
    for (const { channel, count, oldestAt } of found.waiting) {
      const platform = platformOf(channel);
      waiting.inc({ platform }, count);
      oldest.set(platform, Math.max(oldest.get(platform) ?? 0, oldestAt === null ? 0 : ageOf(oldestAt)));
    }
    for (const [platform, age] of oldest) waitingAge.set({ platform }, age);
    for (const cause of holdCauses) holds.set({ cause }, Number(found.holds.includes(cause)));
    // `project:api` is one more fault of projects: names are told to nobody.
    for (const key of found.alerts) alerts.inc({ fault: key.replace(/:.*$/, '') });
  };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // A scrape tells that it failed, by the gauge; `/healthz` and the log say why.
    return undefined;
  }
}
