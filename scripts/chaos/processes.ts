import { readdirSync, readFileSync } from 'node:fs';

import { findProcess } from '../../src/runner/supervisor/process-table.ts';

export interface SeenProcess {
  pid: number;
  startTime: string;
  kind: 'supervisor' | 'stand-in' | 'other';
  commandLine: string;
}

/** The living processes of a seed: what shows its folder in its command line or its first environment (Linux). */
export function listProcesses(root: string): SeenProcess[] {
  return list(root, (pid, commandLine) => commandLine.includes(root) || read(pid, 'environ').includes(root));
}

/** Those of one kind, by their command lines alone: who waits for one looks often. */
export function listKind(root: string, wanted: 'supervisor' | 'stand-in'): SeenProcess[] {
  return list(root, (_pid, commandLine) => commandLine.includes(root)).filter(({ kind }) => kind === wanted);
}

function list(root: string, isOurs: (pid: number, commandLine: string) => boolean): SeenProcess[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .flatMap((pid) => {
      const commandLine = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
      if (pid === process.pid || !isOurs(pid, commandLine)) return [];
      const found = findProcess(pid);
      if (found === undefined || found.isZombie) return [];
      return [{ pid, startTime: found.startTime, kind: kindOf(commandLine, root), commandLine }];
    });
}

function kindOf(commandLine: string, root: string): SeenProcess['kind'] {
  if (/\/supervisor\.[jt]s /.test(commandLine)) return 'supervisor';
  return commandLine.includes(`${root}/mark`) ? 'stand-in' : 'other';
}

export const isAlive = ({ pid, startTime }: SeenProcess): boolean => {
  const found = findProcess(pid);
  return found?.startTime === startTime && !found.isZombie;
};

/** Signals the process unless it is gone. Returns whether it was there. */
export function signal(one: SeenProcess, name: NodeJS.Signals): boolean {
  if (!isAlive(one)) return false;
  try {
    process.kill(one.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Ends all living processes of a seed. */
export function endAll(root: string): void {
  // A storm goes on while it is being ended.
  for (let left = listProcesses(root); left.length > 0; left = listProcesses(root)) {
    for (const one of left) signal(one, 'SIGKILL');
  }
}

function read(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It went away in between.
    return '';
  }
}
