import pino, { type Logger } from 'pino';

import { UserError } from '../model/user-error.ts';
import { prettyLogLine } from './pretty-log.ts';

export interface LogOptions {
  /** `NIGHTDESK_LOG_LEVEL`; `info` where it is not set. */
  level: string | undefined;
  /** Whether people read it as it comes. */
  isTerminal: boolean;
  /** Values that stand in no line, whatever a library puts into its errors. */
  secrets: readonly { name: string; value: string }[];
  /** Takes whole lines. */
  write: (line: string) => unknown;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The log: a JSON object a line, or words for a terminal. Throws a `UserError` for a level that there is not. */
export function createLog({ level = 'info', isTerminal, secrets, write }: LogOptions): Logger {
  if (!levels.includes(level)) {
    throw new UserError(`NIGHTDESK_LOG_LEVEL is ${JSON.stringify(level)}; it can be ${levels.join(', ')}.`);
  }
  const hide = createHide(secrets);
  const destination = {
    write(line: string) {
      const shown = hide(line);
      write(isTerminal ? prettyLogLine(shown) : shown);
    },
  };
  return pino({ level, base: { pid: process.pid } }, destination);
}

const shortestSecret = 6;

/** An SDK's error may hold the request that failed, with its token. */
function createHide(secrets: LogOptions['secrets']): (line: string) => string {
  const hidden = secrets
    .filter(({ value }) => value.length >= shortestSecret)
    .map(({ name, value }) => ({ value, json: JSON.stringify(value).slice(1, -1), shown: `[masked: ${name}]` }))
    // A secret that has another one in it is taken out whole.
    .sort((one, other) => other.value.length - one.value.length);
  const mask = (text: string): string =>
    hidden.reduce((masked, { value, shown }) => masked.replaceAll(value, shown), text);
  // In texts alone: a secret of digits can be a part of a time, and without that the line is no JSON.
  return (line) =>
    hidden.some(({ json }) => line.includes(json)) ? `${JSON.stringify(inTexts(JSON.parse(line), mask))}\n` : line;
}

function inTexts(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((each) => inTexts(each, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [mask(key), inTexts(each, mask)]));
}
