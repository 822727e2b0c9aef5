import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { quickNode } from './quick-node.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the `nightdesk` command as a process of its own, without a terminal and with this environment alone. */
export function runNightdesk(
  args: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...quickNode, main, ...args], { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr });
    });
    child.stdin?.end();
  });
}
