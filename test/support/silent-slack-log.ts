import { LogLevel, type Logger } from '@slack/bolt';

/** Tests look at what was stored, not at logs. */
export const silentSlackLog: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
