import { format } from 'node:util';

import { LogLevel, type Logger as BoltLogger } from '@slack/bolt';
import type { Logger } from 'pino';

/**
 * Bolt's own log, in ours. Its notes for debugging have whole payloads in them and are left out; its level is decided by
 * ours. `isQuiet` is for parts whose faults are said in our own words.
 */
export function createBoltLog(log: Logger, { isQuiet = false } = {}): BoltLogger {
  return {
    debug: () => {},
    info: (...given: unknown[]) => log.debug(format(...given)),
    warn: (...given: unknown[]) => log[isQuiet ? 'debug' : 'warn'](format(...given)),
    error: (...given: unknown[]) => log[isQuiet ? 'debug' : 'error'](format(...given)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
