import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { quickNode } from './quick-node.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface BotProcess {
  child: ChildProcess;
  url: string;
  token: string;
  api(path: string, body?: unknown): Promise<unknown>;
  stderr(): string;
  /** Sends the signal and resolves to how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `nightdesk start` as a process of its own and waits until it says that it is ready. */
export async function startBot(
  config: string,
  env: Record<string, string>,
  program: string = main,
): Promise<BotProcess> {
  const child = spawn(process.execPath, [...quickNode, program, 'start', '--config', config], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Not `exit`, which may come before the last that it wrote. Supervisors have no part in its output.
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const link = await readLink(child);
  if (link === undefined) {
    const [code] = await closed;
    throw new Error(`The bot ended with ${code} before it was ready:\n${stderr}`);
  }
  const { url, token } = link;
  return {
    child,
    url,
    token,
    stderr: () => stderr,
    async api(path, body) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const init = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
      const response = await fetch(`${url}/api/${path}`, init);
      return response.json();
    },
    async end(signal) {
      child.kill(signal);
      child.stdout.resume();
      const [code, by] = await closed;
      return { code, signal: by };
    },
  };
}

async function readLink({ stdout }: ChildProcess): Promise<{ url: string; token: string } | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface({ input: stdout })) {
    const link = /(http\S+)\/\?token=(\S+)/.exec(line);
    if (link?.[1] !== undefined && link[2] !== undefined) return { url: link[1], token: link[2] };
  }
  return undefined;
}
