import { vi } from 'vitest';

import { runCli } from '../../src/cli/run-cli.ts';
import type { Ended } from './nightdesk-command.ts';

/** Runs the `nightdesk` command in this process, in the folder `cwd`: for what ends before anything is started. */
export async function runCliHere(
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  const before = process.cwd();
  const streams = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      streams[name] += String(text);
      return true;
    }),
  );
  process.chdir(cwd);
  try {
    const code = await runCli(args, { PATH: '/usr/bin:/bin', HOME: cwd, ...env }, { outliveReader: () => undefined });
    return { code, ...streams };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}
