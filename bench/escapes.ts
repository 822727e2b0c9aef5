import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { execa } from 'execa';

import { defaultLimits } from '../src/runner/command-request.ts';
import { superviseCommand } from '../src/runner/supervise.ts';
import { endAll, listProcesses } from '../scripts/chaos/processes.ts';
import { escapeScript, escapeShapes } from '../test/support/escape-shapes.ts';

type Shape = keyof typeof escapeShapes;

interface Started {
  /** Ends the command, as a cancel does. */
  cancel(): void;
  /** The command is over, as far as its runner knows; it may never be. */
  over: Promise<unknown>;
}

interface Way {
  name: string;
  start(script: string, place: { root: string; mark: string }): Started;
}

const graceMs = 500;
const overWithinMs = 15_000;
/** What was killed may take a moment to go. */
const lastMomentMs = 300;
const looks = 20;

const byExeca = (name: string, killDescendants: boolean): Way => ({
  name,
  start(script, { mark }) {
    const child = execa('bash', ['-c', script], {
      env: { MARK: mark },
      stdio: 'ignore',
      reject: false,
      forceKillAfterDelay: graceMs,
      killDescendants,
    });
    return { cancel: () => void child.kill(), over: child };
  },
});

const bySupervisor: Way = {
  name: 'nightdesk',
  start(script, { root, mark }) {
    const command = superviseCommand(join(root, 'command'), {
      request: {
        v: 1,
        cookie: mark,
        kind: 'shell',
        argv: ['bash', '-c', script],
        cwd: root,
        env: { PATH: process.env['PATH'] ?? '', MARK: mark },
        limits: { ...defaultLimits, timeoutMs: 120_000, terminateGraceMs: graceMs },
      },
    });
    return { cancel: () => command.cancel(), over: command.outcome };
  },
};

const ways = [
  byExeca('execa, `forceKillAfterDelay`', false),
  byExeca('execa, and `killDescendants`', true),
  bySupervisor,
];

/** Prints what each way leaves alive of each shape, after a cancel and after an end with exit 0. */
export async function benchEscapes(): Promise<void> {
  console.log('\nProcess trees: what is left alive after a cancel / after an end of its own\n');
  console.log(`| what the command starts | ${ways.map(({ name }) => name).join(' | ')} |`);
  console.log(`| --- |${' --- |'.repeat(ways.length)}`);
  for (const shape of Object.keys(escapeShapes) as Shape[]) {
    const cells: string[] = [];
    for (const way of ways) {
      const isGone = [await isGoneAfter(way, shape, 'cancel'), await isGoneAfter(way, shape, 'end')];
      cells.push(isGone.map((gone) => (gone ? 'gone' : '**alive**')).join(' / '));
    }
    console.log(`| ${shape} | ${cells.join(' | ')} |`);
  }
}

async function isGoneAfter(way: Way, shape: Shape, how: 'cancel' | 'end'): Promise<boolean> {
  const root = mkdtempSync(join(tmpdir(), 'nightdesk-bench-'));
  const mark = join(root, 'mark');
  const listMarked = () => listProcesses(root).filter(({ commandLine }) => commandLine.includes(mark));
  try {
    const started = way.start(escapeScript(shape, join(root, 'go')), { root, mark });
    while (listMarked().length === 0) await pause(10);
    if (how === 'cancel') started.cancel();
    else writeFileSync(join(root, 'go'), '');
    await Promise.race([started.over, pause(overWithinMs, undefined, { ref: false })]);
    await pause(lastMomentMs);
    // Between two processes of a storm there is a moment in which neither can be seen.
    for (let look = 0; look < looks; look += 1) {
      if (listMarked().length > 0) return false;
      await pause(10);
    }
    return true;
  } finally {
    endAll(root);
    rmSync(root, { recursive: true, force: true });
  }
}
