import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { makeFolder } from '../make-folder.ts';
import { UserError } from '../model/user-error.ts';
import { readPlainFile, UnreadableFile } from '../read-plain-file.ts';

/** Who may come in: each token is one person. */
export interface Tokens {
  /** The token of one of the people. */
  tokenFor(name: string): string;
  /** The name of the person whose token it is: `ada`, without the platform. */
  personOf(token: string): string | undefined;
  /** From now on these people are let in and nobody else; returns those who were not before. */
  admit(people: readonly string[]): string[];
}

/** Far above what a house full of people takes. */
const maxFileBytes = 1024 * 1024;
const fileSchema = z.record(z.string(), z.string().min(32));

/**
 * Tokens in `web-tokens.json` (0600) of the data directory, a JSON object of name → token. Each of `people` has one, made
 * here where it is missing; an entry of somebody else lets nobody in. The file is read again when it has changed.
 */
export function createTokens(dataDirectory: string, people: readonly string[]): Tokens {
  const path = join(dataDirectory, 'web-tokens.json');
  makeFolder(dataDirectory);
  let admitted = people;
  makeMissing(path, people);

  let version = '';
  let tokens = new Map<string, string>();
  const current = (): Map<string, string> => {
    const stats = statSync(path, { throwIfNoEntry: false });
    const found = stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
    if (found !== version) tokens = stats === undefined ? new Map() : readTokens(path);
    version = found;
    return tokens;
  };

  return {
    tokenFor(name) {
      const token = admitted.includes(name) ? current().get(name) : undefined;
      if (token !== undefined) return token;
      throw new UserError(`${JSON.stringify(name)} has no token here. web.people has ${admitted.join(', ')}.`);
    },
    personOf(token) {
      const given = digest(token);
      // Every entry is compared, so that time tells nothing of how near a guess is.
      return admitted.reduce<string | undefined>((found, name) => {
        const known = current().get(name);
        return known !== undefined && timingSafeEqual(digest(known), given) ? name : found;
      }, undefined);
    },
    admit(next) {
      makeMissing(path, next);
      // Not those for whom one was made: a command of the terminal may have been first.
      const fresh = next.filter((name) => !admitted.includes(name));
      admitted = next;
      return fresh;
    },
  };
}

/** Gives a token to each of `people` who has none. */
function makeMissing(path: string, people: readonly string[]): void {
  const kept = existsSync(path) ? readTokens(path) : new Map<string, string>();
  const missing = people.filter((name) => !kept.has(name));
  if (missing.length > 0 || !existsSync(path)) {
    const made = missing.map((name): [string, string] => [name, randomBytes(32).toString('base64url')]);
    writeTokens(path, new Map([...kept, ...made]));
  }
  // On a disk that is read-only this would fail, needed or not.
  if ((statSync(path).mode & 0o777) !== 0o600) chmodSync(path, 0o600);
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

function readTokens(path: string): Map<string, string> {
  try {
    const text = readPlainFile(path, maxFileBytes).toString('utf8');
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text))));
  } catch (error) {
    const why = error instanceof UnreadableFile ? `: ${error.message}` : '';
    throw new UserError(
      `${path} can't be used${why}. It is a JSON object of names and tokens, such as {"ada": "…"}; take it away, and new tokens are made.`,
      { cause: error },
    );
  }
}

function writeTokens(path: string, tokens: Map<string, string>): void {
  const fresh = `${path}.${process.pid}.new`;
  // Synced before it has its name: a disk that fails a moment later would else leave an empty file, with which nothing starts.
  writeFileSync(fresh, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(fresh, path);
}
