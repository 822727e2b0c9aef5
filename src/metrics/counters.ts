import { Counter, Histogram, type Registry } from 'prom-client';

import type { Fact } from '../db/facts.ts';
import { platformOf } from '../model/platform-of.ts';
import { finalStatuses } from '../model/run.ts';

/** From a tenth of a second to three days: a host that sleeps is late by hours. */
const lateBuckets = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 24 * 3_600, 72 * 3_600];

/** What is counted as it happens, from the start of the process on. */
export function createCounters(registry: Registry): { took(facts: readonly Fact[]): void } {
  const registers = [registry];
  const queued = new Counter({ name: 'nightdesk_runs_queued_total', help: 'Runs that were queued.', registers });
  const ended = new Counter({
    name: 'nightdesk_runs_ended_total',
    help: 'Runs that ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  // What never failed so far is 0, not absent: an alert on its increase works from the first time on.
  for (const outcome of finalStatuses) ended.inc({ outcome }, 0);
  const attempts = new Counter({
    name: 'nightdesk_attempts_ended_total',
    help: 'Attempts that ended, by cause.',
    labelNames: ['cause'],
    registers,
  });
  const occurrences = new Counter({
    name: 'nightdesk_occurrences_total',
    help: 'Occurrences of schedules that were settled, by how.',
    labelNames: ['state'],
    registers,
  });
  for (const state of ['ran', 'skipped', 'missed']) occurrences.inc({ state }, 0);
  const lateness = new Histogram({
    name: 'nightdesk_occurrence_lateness_seconds',
    help: 'From the instant at which an occurrence was due to when its run was queued, and to when it started.',
    labelNames: ['until'],
    buckets: lateBuckets,
    registers,
  });
  const waited = new Histogram({
    name: 'nightdesk_run_queue_seconds',
    help: 'From when a run was queued to the start of its first attempt.',
    buckets: lateBuckets,
    registers,
  });
  const delivery = createDeliveryCounters(registry);

  const take = (fact: Fact): void => {
    switch (fact.kind) {
      case 'run-queued':
        queued.inc();
        observeLateness(lateness, 'queued', fact.run.dueAt, fact.run.queuedAt);
        return;
      case 'attempt-started':
        if (fact.number !== 1) return;
        waited.observe(secondsBetween(fact.run.queuedAt, fact.at));
        observeLateness(lateness, 'started', fact.run.dueAt, fact.at);
        return;
      case 'attempt-ended':
        attempts.inc({ cause: fact.cause ?? 'unknown' });
        return;
      case 'run-moved':
        if (fact.run.endedAt !== null) ended.inc({ outcome: fact.run.status });
        return;
      case 'occurrence-settled':
        occurrences.inc({ state: fact.state });
        return;
      case 'occurrences-missed':
        occurrences.inc({ state: 'missed' }, fact.count);
        return;
      case 'delivered':
      case 'delivery-failed':
      case 'delivery-refused':
        delivery(fact);
        return;
      case 'alert-begun':
      case 'alert-ended':
        // A gauge tells which there are.
        return;
    }
  };
  return { took: (facts) => facts.forEach(take) };
}

type DeliveryFact = Extract<Fact, { kind: `deliver${string}` }>;

function createDeliveryCounters(registry: Registry): (fact: DeliveryFact) => void {
  const registers = [registry];
  const lag = new Histogram({
    name: 'nightdesk_delivery_lag_seconds',
    help: 'From when a new message was written to when its platform had it.',
    labelNames: ['platform'],
    buckets: lateBuckets,
    registers,
  });
  const tries = new Counter({
    name: 'nightdesk_deliveries_total',
    help: 'Tries to deliver a message or an edit, by how they ended.',
    labelNames: ['platform', 'result'],
    registers,
  });
  const results = { delivered: 'delivered', 'delivery-failed': 'failed', 'delivery-refused': 'refused' } as const;
  return (fact) => {
    const platform = platformOf(fact.channel);
    tries.inc({ platform, result: results[fact.kind] });
    if (fact.kind === 'delivered' && fact.isNew) lag.observe({ platform }, secondsBetween(fact.writtenAt, fact.at));
  };
}

function observeLateness(lateness: Histogram<'until'>, until: 'queued' | 'started', dueAt: Date | null, at: Date) {
  if (dueAt !== null) lateness.observe({ until }, secondsBetween(dueAt, at));
}

/** A clock that was set back makes nothing early. */
const secondsBetween = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 1000);
