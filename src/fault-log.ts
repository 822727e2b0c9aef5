import { randomBytes } from 'node:crypto';

import type { Logger } from 'pino';

import type { About } from './model/about.ts';

/** Logs a fault once, and returns the reference under which it stands there: people can be shown it. */
type FaultLog = (error: unknown, where: string, about?: About) => string;

export function createFaultLog(log: Logger): FaultLog {
  return (error, where, about) => {
    // Not the time: two faults of one instant are two.
    const reference = `f-${randomBytes(4).toString('hex')}`;
    log.error({ ...about, err: error, reference }, `A fault in ${where}`);
    return reference;
  };
}
