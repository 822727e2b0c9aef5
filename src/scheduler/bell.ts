import { Agenda, type AgendaBackend, toJobId } from 'agenda';
import type { Database } from 'better-sqlite3';
import { alarmJobName } from '../db/alarm-writer.ts';
import { type AlarmTable, createAlarmTable } from './alarm-table.ts';
import { createBusyRetry } from './busy-retry.ts';
import { createDueClaims } from './due-claims.ts';
import { createSqliteBackend } from './sqlite-backend.ts';

export interface BellOptions {
  database: Database;
  onFault: (error: unknown) => void;
  scanMs: number;
  onRing: () => void;
}

/** One run of the alarm clock, from its start to its stop. */
export interface Bell {
  start(dueAt: Date[]): Promise<void>;
  /** Makes Agenda look for alarms, once the event that is being handled is over. */
  wake(): void;
  stop(): Promise<void>;
}

const retryRingMs = 5000;

export function createBell({ database, onFault, scanMs, onRing }: BellOptions): Bell {
  let isStopped = false;
  let waking: NodeJS.Immediate | undefined;
  let starting: Promise<void> | undefined;
  // What Agenda still tries after a stop is refused by the backend: that is no fault.
  const reportFault = (error: unknown): void => {
    if (!isStopped) onFault(error);
  };

  const alarms = createAlarmTable(database);
  const backend = createSqliteBackend({ database, onFault: reportFault });
  const retry = createBusyRetry();
  // A run leaves a timer of half this time behind, which would keep the process up after a stop.
  const lockLifetimeMs = Math.max(2 * scanMs, 2000);
  const claims = createDueClaims({
    repository: backend.repository,
    findNextDueMs: () => alarms.findNextDueMs(),
    onDue: wake,
    holdMs: lockLifetimeMs,
  });
  const ring = createRing(alarms, onRing, onFault);
  // Agenda lifts locks in stop() alone. A start writes all alarms anew, and a stop must not wait for a locked store.
  const repository = { ...claims.repository, unlockJobs: async () => {} };
  const agenda = createAgenda({
    backend: { ...backend, repository },
    scanMs,
    lockLifetimeMs,
    onDue: () => {
      if (!isStopped) ring();
    },
    onEnd() {
      claims.release();
      wake();
    },
    onFault: reportFault,
  });

  function wake(): void {
    waking ??= setImmediate(() => {
      waking = undefined;
      publishAlarm(backend).catch(reportFault);
    });
  }

  return {
    start(dueAt) {
      starting = retry.run(() => alarms.rewrite(dueAt)).then(() => agenda.start());
      return starting;
    },
    wake,
    async stop() {
      isStopped = true;
      retry.close();
      claims.stop();
      clearImmediate(waking);
      // Whoever called start() is told how it ended.
      await starting?.catch(() => {});
      await agenda.stop(true);
    },
  };
}

interface AgendaOptions {
  backend: AgendaBackend;
  scanMs: number;
  lockLifetimeMs: number;
  onDue: () => void;
  onEnd: () => void;
  onFault: (error: unknown) => void;
}

/** Agenda with its one job. It is removed once it has run; one that fails is tried again. */
function createAgenda({ backend, scanMs, lockLifetimeMs, onDue, onEnd, onFault }: AgendaOptions): Agenda {
  const agenda = new Agenda({ backend, processEvery: scanMs, removeOnComplete: true });
  agenda.on('error', onFault);
  agenda.on(`fail:${alarmJobName}`, onFault);
  agenda.on(`complete:${alarmJobName}`, onEnd);
  const whenDue = (_job: unknown, done: () => void): void => {
    onDue();
    done();
  };
  agenda.define(alarmJobName, whenDue, { concurrency: 1, lockLifetime: lockLifetimeMs, backoff: () => retryRingMs });
  return agenda;
}

/** Tells Agenda that alarms may be due. Without a due time of its own, such a notification always leads to a look. */
async function publishAlarm({ notificationChannel: channel }: AgendaBackend): Promise<void> {
  if (channel?.state !== 'connected') return;
  await channel.publish({
    jobId: toJobId(alarmJobName),
    jobName: alarmJobName,
    nextRunAt: null,
    priority: 0,
    timestamp: new Date(),
  });
}

/** What an alarm does: it rings for all that are due. A ring that throws is reported and written anew, all of the same five seconds as one alarm. */
function createRing(alarms: AlarmTable, onRing: () => void, onFault: (error: unknown) => void): () => void {
  return () => {
    try {
      // Before the ring: what is written from here on may tell of something that this ring has not read.
      alarms.takeDue(new Date());
      onRing();
    } catch (error) {
      onFault(error);
      alarms.write(new Date(Math.ceil(Date.now() / retryRingMs + 1) * retryRingMs));
    }
  };
}
