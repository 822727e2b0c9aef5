import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { peakMegabytes, withBot, type BenchBot } from './desk-process.ts';
import { ms, printFigures, quantileOf } from './measure.ts';

const rate = 50;
const flood = fileURLToPath(new URL('claude-flood.ts', import.meta.url));

interface Followed {
  /** From when words were written to when they stand in the transcript; a sample each 100 ms. */
  lagsMs: number[];
  botMegabytes: number;
  supervisorMegabytes: number;
}

/** A run whose Claude prints so much: how far the transcript is behind, and what bot and supervisor hold. */
async function follow(megabytes: number): Promise<Followed> {
  const options = {
    command: [process.execPath, flood, String(megabytes), String(rate)],
    env: (home: string) => ({ PATH: process.env['PATH'] ?? '', HOME: home }),
    files: { 'README.md': 'A project.\n' },
  };
  return await withBot(options, async (bench) => {
    await bench.type('schedule print a lot --project api --when now');
    return await watch(bench);
  });
}

async function watch({ bot, root, ended }: BenchBot): Promise<Followed> {
  const attempt = path.join(root, 'data/runs/r1/1');
  const child = path.join(attempt, 'claude/child.json');
  const lagsMs: number[] = [];
  let supervisorMegabytes = 0;
  const over = new AbortController();
  const ending = ended(1).finally(() => over.abort());
  while (!over.signal.aborted) {
    const told = lastTold(path.join(attempt, 'attempt-1.log'));
    if (existsSync(child) && !existsSync(path.join(attempt, 'claude/outcome.json'))) {
      if (told !== undefined) lagsMs.push(Date.now() - told);
      supervisorMegabytes = Math.max(supervisorMegabytes, supervisorPeak(child));
    }
    await pause(100);
  }
  await ending;
  return { lagsMs, botMegabytes: peakMegabytes(bot.child.pid ?? 0), supervisorMegabytes };
}

/** The supervisor is the parent of the command's process. */
function supervisorPeak(childFile: string): number {
  try {
    const { pid } = JSON.parse(readFileSync(childFile, 'utf8')) as { pid: number };
    const parent = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peakMegabytes(Number(parent));
  } catch {
    return 0;
  }
}

/** The newest instant that the transcript has, in milliseconds UTC. */
function lastTold(file: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const buffer = Buffer.alloc(64 * 1024);
    const count = readSync(fd, buffer, 0, buffer.length, Math.max(0, fstatSync(fd).size - buffer.length));
    const last = buffer
      .toString('utf8', 0, count)
      .match(/at=\d{13}/g)
      ?.at(-1);
    return last === undefined ? undefined : Number(last.slice(3));
  } finally {
    closeSync(fd);
  }
}

/** How far the bot is behind a fast stream, and what 1 GB of it costs in memory. */
export async function benchFollow(): Promise<void> {
  const small = await follow(5);
  const large = await follow(1_000);
  const most = quantileOf(large.lagsMs, 1);
  const grown = (what: 'botMegabytes' | 'supervisorMegabytes') => {
    const more = large[what] - small[what];
    const value = `${large[what].toFixed(0)} MB over ${small[what].toFixed(0)} MB, ${more.toFixed(0)} MB more`;
    return { value, goal: '≤ 64 MB more', isMet: large[what] > 0 && more <= 64 };
  };
  printFigures(`A stream of 1 GB at ${rate} MB/s, over one of 5 MB`, [
    { what: 'the transcript is behind, median', value: ms(quantileOf(large.lagsMs, 0.5)), goal: 'none', isMet: true },
    { what: 'the transcript is behind, at most', value: ms(most), goal: '≤ 1 s', isMet: most <= 1_000 },
    { what: 'the bot holds at most', ...grown('botMegabytes') },
    { what: 'the supervisor holds at most', ...grown('supervisorMegabytes') },
  ]);
}
