import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, expect } from 'vitest';

import type { CommandLimits, CommandRequest } from '../../../src/runner/command-request.ts';
import { superviseCommand, type SupervisedCommand } from '../../../src/runner/supervise.ts';
import { findProcess, type ProcessIdentity } from '../../../src/runner/supervisor/process-table.ts';

export const fixture = (name: string) => join(import.meta.dirname, '..', '..', 'fixtures', 'commands', name);

const limits: CommandLimits = {
  timeoutMs: 20_000,
  firstLineMs: 20_000,
  stallMs: 20_000,
  hangMs: 20_000,
  backgroundMs: 20_000,
  interruptGraceMs: 300,
  terminateGraceMs: 300,
};

export type RequestChanges = Partial<Omit<CommandRequest, 'limits'>> & { limits?: Partial<CommandLimits> };

/** A folder for one command, and a mark that its processes show in their names. */
export interface CommandHarness {
  root: string;
  folder: string;
  mark: string;
  request: (changes: RequestChanges) => CommandRequest;
  supervise: (changes: RequestChanges, prompt?: string) => SupervisedCommand;
  /** A bash script; `$MARK` is the mark. */
  shell: (script: string, changes?: RequestChanges) => SupervisedCommand;
  read: (file: string) => string;
  readIdentity: (file: 'supervisor.json' | 'child.json') => ProcessIdentity;
}

const roots: string[] = [];
const commands: SupervisedCommand[] = [];

/** Fails the test that leaves any process with its folder or mark, its supervisors too. */
afterEach(async () => {
  for (const command of commands.splice(0)) command.detach();
  const used = roots.splice(0);
  const listAll = () => used.flatMap((root) => findMarked(root));
  await until(() => listAll().length === 0, 'the end of all processes', 2_000).catch(() => {});
  const left = listAll();
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  for (const root of used) rmSync(root, { recursive: true, force: true });
  expect(left, 'processes left by this test').toEqual([]);
});

export function createCommandHarness(): CommandHarness {
  const root = mkdtempSync(join(tmpdir(), 'nightdesk-command-'));
  roots.push(root);
  const folder = join(root, 'command');
  const mark = `${root}/mark`;
  const request = (changes: RequestChanges): CommandRequest => ({
    v: 1,
    cookie: randomUUID(),
    kind: 'shell',
    argv: ['true'],
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', MARK: mark },
    ...changes,
    limits: { ...limits, ...changes.limits },
  });
  const supervise = (changes: RequestChanges, prompt?: string) => {
    const input = { request: request(changes), ...(prompt === undefined ? {} : { prompt }) };
    const command = superviseCommand(folder, input);
    commands.push(command);
    return command;
  };
  return {
    root,
    folder,
    mark,
    request,
    supervise,
    shell: (script, changes = {}) => supervise({ argv: ['bash', '-c', script], ...changes }),
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    readIdentity: (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProcessIdentity,
  };
}

/** Command lines of living processes that hold `text`. */
export const listMarked = (text: string): string[] => findMarked(text).map((one) => one.commandLine);

function findMarked(text: string): { pid: number; commandLine: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
    .flatMap((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return commandLine.includes(text) && findProcess(pid)?.isZombie === false ? [{ pid, commandLine }] : [];
      } catch {
        // It went away in between.
        return [];
      }
    });
}

/** Waits for what another process must do. */
export async function until<T>(find: () => T | undefined | false, what: string, limitMs = 10_000): Promise<T> {
  for (const startedMs = performance.now(); performance.now() - startedMs < limitMs; await sleep(5)) {
    try {
      const found = find();
      if (found !== undefined && found !== false) return found;
    } catch {
      // A file that is not there yet.
    }
  }
  throw new Error(`waited in vain for ${what}`);
}
