import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { quickNode } from '../../test/support/quick-node.ts';
import type { Place } from './place.ts';
import { createRunningClock } from './running-clock.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const lookEveryMs = 100;

export interface BotEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From the signal to the end, without the time in which others had the processors. */
  afterMs: number;
}

/** `nightdesk start` as a process of its own, which may end at any time. */
export interface ChaosBot {
  pid: number;
  isReady(): boolean;
  isGone(): boolean;
  /** Resolves when it has said that it is ready, or has ended. */
  ready: Promise<void>;
  /** Types a command into the page's channel, as an admin. */
  type(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  end(name: NodeJS.Signals): Promise<BotEnd>;
}

/** Starts it without waiting. What it prints goes to `bot.log` of the seed's folder. */
export function launchBot({ root, config, env }: Place): ChaosBot {
  const child: ChildProcess = spawn(process.execPath, [...quickNode, main, 'start', '--config', config], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = join(root, 'bot.log');
  let link: { url: string; token: string } | undefined;
  let isGone = false;
  const { promise: ready, resolve: settle } = Promise.withResolvers<void>();
  const ended = new Promise<Omit<BotEnd, 'afterMs'>>((resolve) => {
    child.once('exit', (code, signal) => {
      isGone = true;
      settle();
      resolve({ code, signal });
    });
  });
  child.stderr?.on('data', (text: Buffer) => appendFileSync(log, text));
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      appendFileSync(log, `${line}\n`);
      const found = /(http\S+)\/\?token=(\S+)/.exec(line);
      if (found?.[1] === undefined || found[2] === undefined) return;
      link = { url: found[1], token: found[2] };
      settle();
    });
  }
  return {
    pid: child.pid ?? 0,
    isReady: () => link !== undefined && !isGone,
    isGone: () => isGone,
    ready,
    async type(text) {
      if (link === undefined) throw new Error('The bot is not ready.');
      const headers = { authorization: `Bearer ${link.token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ channel: 'general', text });
      await fetch(`${link.url}/api/command`, { method: 'POST', headers, body });
    },
    signal: (name) => void child.kill(name),
    async end(name) {
      const clock = createRunningClock(child.pid ?? 0);
      const timer = setInterval(() => clock.look(), lookEveryMs);
      if (!isGone) child.kill(name);
      const end = await ended;
      clearInterval(timer);
      return { ...end, afterMs: Math.round(clock.look()) };
    },
  };
}
