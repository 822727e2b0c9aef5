import type { Database } from 'better-sqlite3';
import type { AlarmClock } from './alarm-clock.ts';
import { type Bell, createBell } from './bell.ts';

export interface AlarmClockOptions {
  /** The handle of the store. */
  database: Database;
  /** Told of a ring that threw and of whatever Agenda could not do. Neither stops the clock. */
  onFault: (error: unknown) => void;
  /** How often the table is looked at for alarms that nobody told of. */
  scanMs?: number;
}

/**
 * The alarm clock on Agenda. Alarms are absolute and are compared with the wall clock: where it is set forward, what it
 * jumped over rings within a scan; where it is set back, an alarm waits until the clock gets there. A ring that throws
 * is reported and rung again after 5 to 10 s. After `stop()` Agenda leaves timers behind that do nothing and end
 * within a second or the time of a scan, whichever is longer.
 */
export function createAlarmClock({ database, onFault, scanMs = 1000 }: AlarmClockOptions): AlarmClock {
  let bell: Bell | undefined;
  return {
    async start(dueAt, onRing) {
      if (bell) throw new Error('The alarm clock is running already.');
      const starting = createBell({ database, onFault, scanMs, onRing });
      bell = starting;
      try {
        await starting.start(dueAt);
      } catch (error) {
        if (bell === starting) bell = undefined;
        throw error;
      }
    },
    alarmsWritten(ids) {
      if (ids.length > 0) bell?.wake();
    },
    async stop() {
      const stopping = bell;
      bell = undefined;
      await stopping?.stop();
    },
  };
}
