import { collectDefaultMetrics, Registry } from 'prom-client';

import type { Fact } from '../db/facts.ts';
import type { Measures } from '../db/measures.ts';
import { createCounters } from './counters.ts';
import { createGauges } from './gauges.ts';
import { watchLoopDelay } from './watch-loop-delay.ts';

export interface Metrics {
  contentType: string;
  /** Everything in Prometheus' text format, as it is now. */
  render(): Promise<string>;
  /** Counts what a change did. */
  took(facts: readonly Fact[]): void;
  stop(): void;
}

export interface MetricsOptions {
  /** May throw: then the store counts as down, and the rest is told all the same. */
  measure: () => Measures;
  /** By platform; whether it is connected now. */
  connections: () => ReadonlyMap<string, boolean>;
  /** On the disk of the data directory. May throw. */
  freeBytes: () => number;
  /** Writes a small file there. */
  tryWriting: () => Promise<{ fault: Error | undefined; tookMs: number }>;
  now: () => Date;
}

/**
 * What can be measured of nightdesk, in a registry of its own. Labels are statuses, causes and platforms alone: no names of
 * people, projects, jobs or channels, so that whoever may read it learns nothing else.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  // Its own timer for the loop's delay is asked for seldom: at its usual 10 ms an idle bot would hardly sleep.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  const { took } = createCounters(registry);
  const refresh = createGauges(registry, options);
  const stopWatching = watchLoopDelay(registry);
  return {
    contentType: registry.contentType,
    async render() {
      refresh(await options.tryWriting());
      return registry.metrics();
    },
    took,
    stop() {
      stopWatching();
      registry.clear();
    },
  };
}
