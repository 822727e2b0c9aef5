import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

import { codeOf } from './command-folder.ts';

/** One process as the system shows it. `startTime` is opaque: only good to tell a reused pid. */
export interface ProcessInfo {
  pid: number;
  parentPid: number;
  startTime: string;
  /** Dead, and only not yet waited for. */
  isZombie: boolean;
}

/** What makes a process the same one: pids are used again, and start times count from the boot on Linux. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
  bootId: string;
}

// What is read differently on Linux and macOS stands in this file alone. The macOS half could not be run: it is untested.
const isLinux = process.platform === 'linux';
// Kernels without CONFIG_PROC_CHILDREN lack these files.
const hasChildrenFiles = isLinux && existsSync(`/proc/self/task/${process.pid}/children`);
const maxWalk = 5_000;

/** Names this boot of the machine. */
export function readBootId(): string {
  return isLinux
    ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    : run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']).trim();
}

export function findProcess(pid: number): ProcessInfo | undefined {
  return isLinux ? readStat(pid) : listByPs(['-p', String(pid)])[0];
}

export function identify(pid: number): ProcessIdentity | undefined {
  const found = findProcess(pid);
  return found === undefined ? undefined : { pid, startTime: found.startTime, bootId: readBootId() };
}

/** The process itself, unless it is gone, a zombie, or another one with its pid. */
export function findLive(identity: ProcessIdentity): ProcessInfo | undefined {
  const found = identity.bootId === readBootId() ? findProcess(identity.pid) : undefined;
  return found?.startTime === identity.startTime && !found.isZombie ? found : undefined;
}

/**
 * What descends from `root`, without it; zombies too. `onSight` is called for each living one before its own children are
 * looked up. In a tree that grows while it is walked, not all of it: then living ones are among what is returned.
 */
export function listDescendants(root: number, onSight: (one: ProcessInfo) => void = () => {}): ProcessInfo[] {
  if (hasChildrenFiles) return walkChildrenFiles(root, onSight);
  const found = descendantsByParent(listAll(), root);
  for (const one of found) if (!one.isZombie) onSight(one);
  return found;
}

export function listChildPids(parent: number): number[] {
  return hasChildrenFiles
    ? readChildrenFiles(parent)
    : listAll().flatMap((one) => (one.parentPid === parent ? one.pid : []));
}

/** Processes in whose first environment stands `NIGHTDESK_COMMAND=<cookie>`, but this one. */
export function listByCookie(cookie: string): ProcessInfo[] {
  const entry = `NIGHTDESK_COMMAND=${cookie}`;
  const pids = isLinux
    ? listPids().filter((pid) => readProc(pid, 'environ').split('\0').includes(entry))
    : run('/bin/ps', ['-axEww', '-o', 'pid=,command='])
        .split('\n')
        .filter((line) => ` ${line} `.includes(` ${entry} `))
        .map((line) => Number.parseInt(line, 10));
  return pids.filter((pid) => pid !== process.pid).flatMap((pid) => findProcess(pid) ?? []);
}

/**
 * Processes that work in `folder`, or below it, without a terminal: a person who looks around in there has one. Linux only;
 * elsewhere none.
 */
export function listInFolder(folder: string): ProcessInfo[] {
  if (!isLinux) return [];
  return listPids().flatMap((pid) => {
    const place = tryLink(`/proc/${pid}/cwd`);
    const isThere = place === folder || place?.startsWith(`${folder}/`) === true;
    return isThere && pid !== process.pid && !hasTerminal(pid) ? (findProcess(pid) ?? []) : [];
  });
}

// The fifth field behind the name in brackets: proc_pid_stat(5).
const hasTerminal = (pid: number): boolean => {
  const text = tryRead(`/proc/${pid}/stat`) ?? '';
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[4] !== '0';
};

export function uniqueProcesses(all: ProcessInfo[]): ProcessInfo[] {
  return [...new Map(all.map((one) => [one.pid, one])).values()];
}

/** The program for people: `sleep`, or `node server.js`. No other arguments, since they may hold secrets. */
export function nameProcess(pid: number): string {
  const text = isLinux ? readProc(pid, 'cmdline') : run('/bin/ps', ['-o', 'command=', '-p', String(pid)]);
  const [program = '', script = ''] = text.split(isLinux ? '\0' : ' ');
  const name = basename(program) || readProc(pid, 'comm').trim() || `process ${pid}`;
  return /^[^-].*\.(?:[cm]?[jt]s|py|rb|sh)$/.test(script) ? `${name} ${basename(script)}` : name;
}

function descendantsByParent(all: ProcessInfo[], root: number): ProcessInfo[] {
  const found: ProcessInfo[] = [];
  let parents = new Set([root]);
  while (parents.size > 0) {
    const next = all.filter((one) => parents.has(one.parentPid));
    found.push(...next);
    parents = new Set(next.map((one) => one.pid));
  }
  return found;
}

function walkChildrenFiles(root: number, onSight: (one: ProcessInfo) => void): ProcessInfo[] {
  const found = new Map<number, ProcessInfo>();
  const pending = [root];
  // Processes that start each other could lead a walk on without an end.
  for (let pid = pending.pop(); pid !== undefined && found.size < maxWalk; pid = pending.pop()) {
    for (const child of readChildrenFiles(pid)) {
      const info = found.has(child) ? undefined : readStat(child);
      if (info === undefined) continue;
      found.set(child, info);
      if (info.isZombie) continue;
      onSight(info);
      pending.push(child);
    }
  }
  return [...found.values()];
}

function readChildrenFiles(pid: number): number[] {
  const threads = tryList(`/proc/${pid}/task`);
  return threads.flatMap((thread) => {
    const text = tryRead(`/proc/${pid}/task/${thread}/children`) ?? '';
    return text.split(' ').filter(Boolean).map(Number);
  });
}

function readStat(pid: number): ProcessInfo | undefined {
  const text = tryRead(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the name in brackets, which may hold anything: proc_pid_stat(5).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // The leader of a group of threads can be a zombie while others of them run.
  const isZombie = (fields[0] === 'Z' || fields[0] === 'X') && Number(fields[17]) <= 1;
  return { pid, parentPid: Number(fields[1]), startTime: fields[19] ?? '', isZombie };
}

function listAll(): ProcessInfo[] {
  return isLinux ? listPids().flatMap((pid) => readStat(pid) ?? []) : listByPs(['-ax']);
}

function listPids(): number[] {
  return tryList('/proc').map(Number).filter(Number.isInteger);
}

function listByPs(selection: string[]): ProcessInfo[] {
  const text = run('/bin/ps', [...selection, '-o', 'pid=,ppid=,stat=,lstart=']);
  return text.split('\n').flatMap((line) => {
    const [, pid, parentPid, state, startTime] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (pid === undefined || startTime === undefined) return [];
    return [{ pid: Number(pid), parentPid: Number(parentPid), startTime, isZombie: state?.startsWith('Z') ?? false }];
  });
}

function run(file: string, args: string[]): string {
  // Start times are told in the local time, which a laptop on a journey changes; environments take more than Node's megabyte.
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  const { error, stdout } = spawnSync(file, args, { encoding: 'utf8', env, maxBuffer: Number.POSITIVE_INFINITY });
  // Nobody is gone since there was no process left to look.
  if (error !== undefined) throw error;
  return stdout;
}

function readProc(pid: number, file: 'environ' | 'cmdline' | 'comm'): string {
  return tryRead(`/proc/${pid}/${file}`) ?? '';
}

// A process can go away between any two reads, and others' environments may not be read: both are no error. Where nothing
// can be read at all, nobody is gone for that.
function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return rethrowScarcity(error);
  }
}

function tryLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function tryList(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    return rethrowScarcity(error) ?? [];
  }
}

function rethrowScarcity(error: unknown): undefined {
  if (['EMFILE', 'ENFILE'].includes(codeOf(error) ?? '')) throw error;
}
