import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { startBot, type BotProcess } from '../test/support/bot-process.ts';
import { makeRepository } from '../test/support/temp-repository.ts';

/** A bot as a process of its own, with one project. */
export interface BenchBot {
  bot: BotProcess;
  root: string;
  /** The file of its store. */
  store: string;
  /** Types a command into the page's channel. */
  type(text: string): Promise<void>;
  /** The run as the API tells it, once it has ended. Throws after two minutes. */
  ended(id: number): Promise<EndedRun>;
}

interface EndedRun {
  status: string;
  endedAt: string;
  dueAt: string | null;
}

export interface BenchBotOptions {
  /** Of `claude.command`. */
  command: string[];
  env: (home: string) => Record<string, string>;
  /** In a repository of its own, with this file in it. */
  files: Record<string, string>;
  /** More sections of the configuration. */
  sections?: object;
  /** Of the chats: the bot has them in its environment, and runs don't. */
  tokens?: Record<string, string>;
}

/** A bot whose jobs all fall due later: no Claude is started. */
export const idleBot: BenchBotOptions = {
  command: [process.execPath],
  env: (home) => ({ PATH: '/usr/bin:/bin', HOME: home }),
  files: { 'README.md': 'A project.\n' },
};

/** Starts a bot in a folder of its own, and takes both away afterwards. */
export async function withBot<T>(options: BenchBotOptions, work: (bench: BenchBot) => Promise<T>): Promise<T> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-bench-')));
  const home = path.join(root, 'home');
  mkdirSync(home);
  makeRepository(path.join(root, 'project'), options.files);
  const env = options.env(home);
  const config = path.join(root, 'nightdesk.yaml');
  // JSON is YAML.
  const yaml = {
    dataDirectory: 'data',
    claude: { command: options.command, env: Object.keys(env).filter((name) => name !== 'PATH' && name !== 'HOME') },
    projects: { api: { path: 'project' } },
    web: { port: 0, people: ['ada'] },
    ...options.sections,
  };
  writeFileSync(config, JSON.stringify(yaml));
  const bot = await startBot(config, { ...env, ...options.tokens }, builtMain());
  try {
    return await work({
      bot,
      root,
      store: path.join(root, 'data', 'nightdesk.db'),
      async type(text) {
        const answer = (await bot.api('command', { channel: 'general', text })) as { ok: boolean; text: string };
        if (!answer.ok) throw new Error(answer.text);
      },
      ended: (id) => untilEnded(bot, id),
    });
  } finally {
    await bot.end('SIGTERM');
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What people install, which boots quicker and holds less than the sources do. */
function builtMain(): string {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  return fileURLToPath(new URL('../dist/main.js', import.meta.url));
}

async function untilEnded(bot: BotProcess, id: number): Promise<EndedRun> {
  for (const until = Date.now() + 120_000; Date.now() < until; await pause(20)) {
    const { run } = (await bot.api(`runs/r${id}`)) as { run?: EndedRun | { endedAt: null } };
    if (typeof run?.endedAt === 'string') return run;
  }
  throw new Error(`r${id} does not end`);
}

/** What a process has held at most in memory, in MB (Linux). */
export function peakMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
}
