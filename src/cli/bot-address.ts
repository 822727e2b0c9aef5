import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import * as z from 'zod';

import { readPlainFile } from '../read-plain-file.ts';
import { CliProblem } from './cli-problem.ts';

const maxFileBytes = 64 * 1024;
const addressSchema = z.object({ url: z.url(), pid: z.int() });

const addressPath = (dataDirectory: string): string => path.join(dataDirectory, 'bot.json');

/** Leaves word in the data directory of where the bot listens, for commands of the same machine. */
export function writeBotAddress(dataDirectory: string, url: string): void {
  writeFileSync(addressPath(dataDirectory), `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
}

export function removeBotAddress(dataDirectory: string): void {
  rmSync(addressPath(dataDirectory), { force: true });
}

/** Where the bot of this data directory listens. Throws a `CliProblem` where none has left word. */
export function readBotAddress(dataDirectory: string): string {
  const url = findBotAddress(dataDirectory);
  if (url !== undefined) return url;
  throw new CliProblem(`No bot is running with ${dataDirectory}. \`nightdesk start\` starts it.`);
}

/** The same; `undefined` where none has left word. One that was killed has not taken its word back. */
export function findBotAddress(dataDirectory: string): string | undefined {
  try {
    return addressSchema.parse(JSON.parse(readPlainFile(addressPath(dataDirectory), maxFileBytes).toString('utf8')))
      .url;
  } catch {
    return undefined;
  }
}
