import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

import type { Project } from '../model/project.ts';
import type { OutputMask } from './read-output.ts';
import { createMask, longestToken, secretsOf, secretsOfDotenv, type Secret } from './stream/mask.ts';

const maxLooked = 2_000;
const maxDotenvBytes = 1024 * 1024;
/** One UTF-16 unit can take nine characters in a URL; a mask's own label stands for at least one secret. */
const widestForm = 9;
const labelCharacters = 256;
const maxSecretCharacters = 100_000;

/**
 * Masks `secrets`, the variables of `env` that are named like secrets, and those in the project's `.env` files, in the
 * files that it has copied, and in the `.env` files of folders that it has copied.
 */
export function createAttemptMask(secrets: Secret[], env: Record<string, string>, project: Project): OutputMask {
  const all = [...secrets, ...secretsOf(env), ...dotenvFiles(project).flatMap(secretsOfFile)];
  const mask = createMask(all);
  const longest = Math.max(0, ...all.map(({ value }) => value.length));
  const widest = Math.max(longestToken, longest * widestForm);
  return Object.assign((text: string) => mask.text(text), {
    across: mask.across,
    longestSecret: Math.min(maxSecretCharacters, widest + labelCharacters),
  });
}

function dotenvFiles({ path, copy }: Project): string[] {
  const own = namesIn(path).filter((entry) => /^\.env(?:\.|$)/.test(entry.name) && !isExample(entry.name));
  const copied = copy.map((name) => join(path, name)).flatMap((place) => [place, ...dotenvFilesBelow(place)]);
  return [...new Set([...own.map(({ name }) => join(path, name)), ...copied])];
}

const isExample = (name: string): boolean => /example|sample|template|dist/.test(name);

/** Of a folder that is copied. Not all of a `node_modules` is looked through. */
function dotenvFilesBelow(top: string): string[] {
  const folders = [top];
  const found: string[] = [];
  let looked = 0;
  for (let folder = folders.shift(); folder !== undefined && looked < maxLooked; folder = folders.shift()) {
    for (const entry of namesIn(folder)) {
      looked += 1;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (/^\.env\.|\.env$/.test(entry.name) && !isExample(entry.name)) found.push(path);
    }
  }
  return found;
}

function namesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A file has none. A project's folder may be gone: the workspace step says so.
    return [];
  }
}

function secretsOfFile(path: string): Secret[] {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > maxDotenvBytes) return [];
    return secretsOfDotenv(readFileSync(path, 'utf8'));
  } catch (error) {
    // What this account may not read, no run of it can print; nor what a link leads to that leads to itself.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'ELOOP') return [];
    throw error;
  }
}
