import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

export interface NodeProcess {
  child: ChildProcessWithoutNullStreams;
  /** The next line that the process prints. Throws when it ends without one. */
  line(): Promise<string>;
  /** How it ended: its exit code or the signal, and what it wrote to stderr. */
  end: Promise<{ code: number | string | null; stderr: string }>;
}

/** Starts files of test/fixtures as Node processes; what still runs after a test is killed. */
export function nodeProcesses(): (fixture: string, ...args: string[]) => NodeProcess {
  const running = new Set<NodeProcess>();
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all([...running].map(({ end }) => end));
  });
  return (fixture, ...args) => {
    const path = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
    const child = spawn(process.execPath, [path, ...args]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const started: NodeProcess = {
      child,
      async line() {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${fixture} ended without another line. ${stderr}`);
        return value;
      },
      end: once(child, 'close').then(([code, signal]) => {
        running.delete(started);
        return { code: code ?? signal, stderr };
      }),
    };
    running.add(started);
    return started;
  };
}
