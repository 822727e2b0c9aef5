import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

import { createAlarmWriter } from '../src/db/alarm-writer.ts';
import { openDatabase, type Db } from '../src/db/open-database.ts';
import { createAlarmClock } from '../src/scheduler/create-alarm-clock.ts';
import { ms, printFigures, quantileOf, type Figure } from './measure.ts';

const pending = 10_000;

/** A store with alarms for tomorrow, and what is written behind them. */
async function withAlarms<T>(work: (db: Db, file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-bench-'));
  const file = join(folder, 'nightdesk.db');
  const db = openDatabase(file);
  try {
    return await work(db, file);
  } finally {
    db.$client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const tomorrow = (): Date[] => Array.from({ length: pending }, (_, index) => new Date(Date.now() + 86_400_000 + index));

/** From the instant of an alarm to the call of the handler, one alarm after the other. */
async function lateness(count: number): Promise<number[]> {
  return await withAlarms(async (db) => {
    const late: number[] = [];
    const due: number[] = [];
    const clock = createAlarmClock({ database: db.$client, onFault: console.error });
    const writer = createAlarmWriter(db.$client);
    await clock.start(tomorrow(), () => {
      const at = Date.now();
      while ((due[0] ?? Infinity) <= at) late.push(at - (due.shift() ?? at));
    });
    for (let index = 0; index < count; index += 1) {
      const at = Date.now() + 150;
      due.push(at);
      clock.alarmsWritten([writer.write(new Date(at))]);
      await pause(60);
    }
    while (due.length > 0) await pause(20);
    await clock.stop();
    return late;
  });
}

/** From an instant that many alarms share, each a row of its own, to the end of the last ring. */
async function burst(count: number): Promise<number> {
  return await withAlarms(async (db) => {
    const at = Date.now() + 1_500;
    const rings: number[] = [];
    const clock = createAlarmClock({ database: db.$client, onFault: console.error });
    await clock.start(tomorrow(), () => void rings.push(Date.now()));
    const insert = db.$client.prepare(
      `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES (?, 'alarm', 'normal', 0, ?)`,
    );
    const ids = Array.from({ length: count }, (_, index) => `burst-${index}`);
    db.$client.transaction(() => ids.forEach((id) => insert.run(id, at)))();
    clock.alarmsWritten(ids);
    const left = db.$client.prepare<[number], number>('SELECT count(*) FROM agenda_jobs WHERE next_run_at = ?').pluck();
    while ((left.get(at) ?? 0) > 0 && Date.now() < at + 60_000) await pause(5);
    const hasRungAll = left.get(at) === 0;
    await clock.stop();
    return hasRungAll ? (rings.at(-1) ?? Infinity) - at : Infinity;
  });
}

/** Four processes that claim from one store: how many alarms were claimed twice, or never. */
async function claimedWrong(count: number): Promise<number> {
  return await withAlarms(async (db, file) => {
    const insert = db.$client.prepare(
      `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES (?, 'mail', 'normal', 0, ?)`,
    );
    db.$client.transaction(() => Array.from({ length: count }, (_, index) => insert.run(`job-${index}`, index + 1)))();
    const program = new URL('../test/fixtures/scheduler/claim-all.ts', import.meta.url).pathname;
    const claimers = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, [program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
      return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    });
    for (const { lines } of claimers) await lines.next();
    for (const { child } of claimers) child.stdin.write('go\n');
    const claimed: string[] = [];
    for (const { child, lines } of claimers) {
      claimed.push(...(JSON.parse(String((await lines.next()).value)) as string[]));
      if (child.exitCode === null) await once(child, 'exit');
    }
    return claimed.length - new Set(claimed).size + (count - new Set(claimed).size);
  });
}

/** The alarm clock with 10,000 alarms pending. */
export async function benchAlarms(): Promise<void> {
  const late = await lateness(300);
  const p99 = quantileOf(late, 0.99);
  const last = await burst(500);
  const wrong = await claimedWrong(10_000);
  const figures: Figure[] = [
    { what: `due → handler, ${late.length} alarms, p50`, value: ms(quantileOf(late, 0.5)), goal: 'none', isMet: true },
    { what: `due → handler, ${late.length} alarms, p99`, value: ms(p99), goal: '≤ 50 ms', isMet: p99 <= 50 },
    { what: '500 alarms at one instant, to the last ring', value: ms(last), goal: '≤ 1 s', isMet: last <= 1_000 },
    { what: '10,000 alarms, four processes: doubled or lost', value: String(wrong), goal: '0', isMet: wrong === 0 },
  ];
  printFigures('The alarm clock with 10,000 alarms pending', figures);
}
