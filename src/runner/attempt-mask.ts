import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Project } from '../model/project.ts';
import type { OutputMask } from './read-output.ts';
import { createMask, longestToken, secretsOf, secretsOfDotenv, type Secret } from './stream/mask.ts';

const maxDotenvBytes = 1024 * 1024;
/** One UTF-16 unit can take nine characters in a URL; a mask's own label stands for at least one secret. */
const widestForm = 9;
const labelCharacters = 256;
const maxSecretCharacters = 100_000;

/**
 * Masks `secrets`, the variables of `env` that are named like secrets, and those in the project's `.env` files and in the
 * files that it has copied.
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
  let names: string[] = [];
  try {
    names = readdirSync(path).filter(
      (name) => /^\.env(?:\.|$)/.test(name) && !/example|sample|template|dist/.test(name),
    );
  } catch {
    // The folder is gone: the workspace step says so.
  }
  return [...new Set([...names, ...copy])].map((name) => join(path, name));
}

function secretsOfFile(path: string): Secret[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size > maxDotenvBytes) return [];
  try {
    return secretsOfDotenv(readFileSync(path, 'utf8'));
  } catch (error) {
    // What this account may not read, no run of it can print.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return [];
    throw error;
  }
}
