import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('hold-lock.ts', import.meta.url));

/** Does the work while another process holds the store's write lock half of the time; `share` is how much it was. */
export async function whileContended<T>(store: string, work: () => Promise<T>): Promise<{ result: T; share: number }> {
  const holder = spawn(process.execPath, [program, store], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = text(holder.stdout);
  try {
    const result = await work();
    holder.stdin.end();
    return { result, share: Number(await said) };
  } finally {
    holder.kill();
  }
}
