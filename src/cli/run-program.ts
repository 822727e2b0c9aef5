import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface ProgramResult {
  /** Exit 0. */
  isOk: boolean;
  stdout: string;
  stderr: string;
  /** Why it did not succeed, in words for people. */
  failure: string;
}

export interface ProgramOptions {
  /** The whole environment. */
  env: Record<string, string>;
  timeoutMs: number;
  cwd?: string;
}

const maxBytes = 256 * 1024;
/** One that is killed and does not go is stuck in the kernel. */
const goneWithinMs = 1_000;

/** Asks a program something: without input, with an end to its time. What it started goes with it. Never rejects. */
export function runProgram(argv: [string, ...string[]], options: ProgramOptions): Promise<ProgramResult> {
  const [program, ...args] = argv;
  const { env, cwd, timeoutMs } = options;
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    // A group of its own, so that its children can be ended with it.
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = (isOk: boolean, failure: string): void => {
      clearTimeout(timer);
      resolve({ isOk, stdout, stderr, failure });
    };
    let timer = setTimeout(() => {
      const late = (): void => end(false, `no answer within ${timeoutMs / 1000} s`);
      endGroup(child);
      if (child.exitCode !== null || child.signalCode !== null) return late();
      child.once('exit', late);
      timer = setTimeout(late, goneWithinMs);
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout = (stdout + text).slice(0, maxBytes)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(0, maxBytes)));
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code, signal) => {
      const last = stderr.trim().split('\n').at(-1)?.trim() ?? '';
      end(code === 0, last === '' ? `ended with ${code ?? signal}` : last);
    });
  });
}

function endGroup(child: ChildProcessByStdio<null, Readable, Readable>): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
  // What has left the group may hold the other ends for as long as it likes.
  child.stdout.destroy();
  child.stderr.destroy();
}
