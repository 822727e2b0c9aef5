import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Files of a small project, by path. */
export type Files = Record<string, string>;

export interface PlantedTree extends Disposable {
  folder: string;
  /** Runs a script of the real package.json in this tree, with further arguments; no script is run by its name alone. */
  runGate(script: string, ...more: string[]): { status: number | null; output: string };
}

/** A small project in a folder of its own, under copies of our real settings and with our real tools. */
export function plantTree(files: Files, settings: string[]): PlantedTree {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-gate-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of settings) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    runGate: (script, ...more) => runGate(folder, script, more),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function runGate(folder: string, script: string, more: string[]): { status: number | null; output: string } {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Files };
  const [program = '', ...given] = (scripts[script] ?? '').split(' ');
  const { status, stdout, stderr, error } = spawnSync(
    join(root, 'node_modules', '.bin', program),
    [...given, ...more],
    {
      cwd: folder,
      encoding: 'utf8',
      // The tools must not take themselves for a part of the vitest that runs this test.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
    },
  );
  if (error) throw error;
  return { status, output: stdout + stderr };
}
