import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { backUp } from '../../../src/cli/backup/back-up.ts';
import { restore } from '../../../src/cli/backup/restore.ts';
import { lockDataDirectory } from '../../../src/db/data-lock.ts';
import { openDatabase } from '../../../src/db/open-database.ts';
import { raiseRunNumbers } from '../../../src/db/raise-run-numbers.ts';
import { identify } from '../../../src/runner/supervisor/process-table.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { tempFolder, writeFiles } from '../../support/temp-repository.ts';

const now = new Date('2026-11-23T02:15:00Z');
let root: string;
let data: string;

beforeEach(() => {
  root = tempFolder();
  data = join(root, 'data');
  mkdirSync(data);
  remember('one');
  writeFiles(join(data, 'runs/r1'), { '1/report.json': '{}', '1/attempt-1.log': 'done' });
});

function remember(event: string): void {
  const { $client } = openDatabase(join(data, 'nightdesk.db'));
  $client.prepare('INSERT INTO inbox (event_id, received_at) VALUES (?, 1)').run(event);
  $client.close();
}

function givenOut(): unknown {
  const { $client } = openDatabase(join(data, 'nightdesk.db'));
  const highest = $client.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'runs'`).pluck().get();
  $client.close();
  return highest;
}

function events(): unknown[] {
  const { $client } = openDatabase(join(data, 'nightdesk.db'));
  const found = $client.prepare('SELECT event_id FROM inbox ORDER BY event_id').pluck().all();
  $client.close();
  return found;
}

const options = (to = join(root, 'backup')) => ({
  dataDirectory: data,
  configPath: '/etc/nightdesk.yaml',
  to,
  version: '1.2.3',
  now,
});
const restoreFrom = (backup: string) => restore({ backup, dataDirectory: data, holder: 'the test', now });

/** Nothing may be changed by what is refused. */
function refused(backup: string): string {
  const names = readdirSync(data).sort();
  const store = readFileSync(join(data, 'nightdesk.db'));
  let said = '';
  try {
    restoreFrom(backup);
  } catch (error) {
    said = (error as Error).message;
  }
  expect(readdirSync(data).filter((name) => !name.startsWith('lock'))).toEqual(
    names.filter((name) => !name.startsWith('lock')),
  );
  expect(readFileSync(join(data, 'nightdesk.db'))).toEqual(store);
  return said;
}

test('a backup has the store, small files of runs, the tokens, and the name of the configuration', async () => {
  writeFiles(data, {
    'web-tokens.json': '{}',
    'runs/r1/1/claude/stream.jsonl': 'x'.repeat(1024 * 1024 + 1),
    'runs/r1/1/claude/tmp/left': 'x',
    'worktrees/r1/a.txt': 'x',
  });
  const { folder, manifest } = await backUp(options());
  expect(readdirSync(folder, { recursive: true }).map(String).toSorted()).toEqual([
    'manifest.json',
    'nightdesk.db',
    'runs',
    'runs/r1',
    'runs/r1/1',
    'runs/r1/1/attempt-1.log',
    'runs/r1/1/report.json',
    'web-tokens.json',
  ]);
  expect(manifest).toMatchObject({
    v: 1,
    version: '1.2.3',
    at: now.toISOString(),
    configPath: '/etc/nightdesk.yaml',
    files: 2,
    leftOut: ['r1/1/claude/stream.jsonl'],
  });
});

test('a backup is consistent while somebody writes', async () => {
  const { $client } = openDatabase(join(data, 'nightdesk.db'));
  const insert = $client.prepare('INSERT INTO inbox (event_id, received_at) VALUES (?, 1)');
  const both = $client.transaction((number: number) => [insert.run(`a${number}`), insert.run(`b${number}`)]);
  let written = 0;
  const timer = setInterval(() => both((written += 1)), 1);
  const { folder } = await backUp(options()).finally(() => clearInterval(timer));
  $client.close();
  const copy = openDatabase(join(folder, 'nightdesk.db'));
  const count = (letter: string) =>
    copy.$client.prepare('SELECT count(*) FROM inbox WHERE event_id LIKE ?').pluck().get(`${letter}%`);
  expect(count('a')).toBe(count('b'));
  copy.$client.close();
});

test('a restore puts everything back and keeps aside what was there', async () => {
  const { folder } = await backUp(options());
  remember('two');
  writeFiles(join(data, 'runs/r7'), { '1/report.json': '{}' });
  const { aside } = restoreFrom(folder);
  expect(events()).toEqual(['one']);
  expect(readdirSync(join(data, 'runs'))).toEqual(['r1']);
  expect(aside).toBe(join(data, 'before-restore-20261123T021500Z'));
  expect(readdirSync(join(aside ?? '', 'runs')).sort()).toEqual(['r1', 'r7']);
  expect(givenOut()).toBe(7);
  restore({ backup: join(aside ?? '', 'nightdesk.db'), dataDirectory: data, holder: 'the test', now: new Date() });
  expect(events()).toEqual(['one', 'two']);
});

test('numbers that were given out since are not given out again, also where their runs left no folder', async () => {
  const { folder } = await backUp(options());
  raiseRunNumbers(join(data, 'nightdesk.db'), 41);
  restoreFrom(folder);
  expect(givenOut()).toBe(41);
  // Nor are they by a second restore, nor where the store that was there can't be read.
  restore({ backup: folder, dataDirectory: data, holder: 'the test', now: new Date() });
  expect(givenOut()).toBe(41);
  writeFileSync(join(data, 'nightdesk.db'), 'no database'.repeat(500));
  writeFiles(join(data, 'worktrees/r43'), { 'a.txt': 'x' });
  restore({ backup: folder, dataDirectory: data, holder: 'the test', now: new Date(0) });
  expect(givenOut()).toBe(43);
});

test('a backup can be restored where nothing was', async () => {
  const { folder } = await backUp(options());
  data = join(root, 'elsewhere');
  expect(restoreFrom(folder)).toEqual({ aside: undefined });
  expect(events()).toEqual(['one']);
  expect(existsSync(join(data, 'runs/r1/1/attempt-1.log'))).toBe(true);
});

test('a restore refuses what is no whole backup, and a data directory that somebody works in', async () => {
  const { folder } = await backUp(options());
  remember('two');
  expect(refused(join(root, 'nowhere'))).toBe(`${join(root, 'nowhere')} is not there.`);
  expect(refused(root)).toContain("is no backup: its manifest.json can't be read");
  writeFileSync(join(root, 'text.db'), 'no database'.repeat(500));
  expect(refused(join(root, 'text.db'))).toContain('is no whole store of nightdesk: file is not a database');

  const lock = lockDataDirectory(data, 'nightdesk 1, process 1');
  expect(refused(folder)).toMatch(/is in use by nightdesk 1, process 1\. .* Stop it before you restore\./);
  lock.release();

  // A command that outlived its bot: this process plays its supervisor.
  const supervisor = join(data, 'runs/r1/1/claude/supervisor.json');
  writeFiles(data, { 'runs/r1/1/claude/supervisor.json': JSON.stringify(identify(process.pid)) });
  expect(refused(folder)).toContain(`r1 (process ${process.pid}). Wait for the end`);
  writeFileSync(supervisor, 'null');

  const whole = readFileSync(join(folder, 'nightdesk.db'));
  writeFileSync(join(folder, 'nightdesk.db'), whole.subarray(0, whole.length / 2));
  expect(refused(folder)).toContain('is no whole store of nightdesk');
  writeFileSync(join(folder, 'nightdesk.db'), whole);
  restoreFrom(folder);
  expect(events()).toEqual(['one']);
});

test('a backup takes no folder that has something in it, and needs a store', async () => {
  await expect(backUp(options(root))).rejects.toThrow(`${root} is there already`);
  const { folder } = await backUp({ ...options(), to: undefined });
  expect(folder).toBe(join(data, 'backups', '20261123T021500Z'));
  data = join(root, 'empty');
  await expect(backUp(options())).rejects.toThrow(/^There is nothing to back up: .*nightdesk\.db is not there/);
});

test.skipIf(!canMount)('on a disk without room neither leaves anything half done', async () => {
  const disk = smallDisk(2);
  const place = join(disk.folder, 'backup');
  disk.fill(100 * 1024);
  await expect(backUp(options(place))).rejects.toThrow(/The backup could not be written: .* Nothing of it was kept\./);
  expect(readdirSync(disk.folder)).toEqual(['ballast']);
  const { folder } = await backUp(options());
  disk.makeRoom();
  data = join(disk.folder, 'data');
  mkdirSync(data);
  remember('there');
  disk.fill(100 * 1024);
  expect(refused(folder)).toMatch(/The backup could not be copied: .* Nothing was changed\./);
  disk.makeRoom();
  expect(events()).toEqual(['there']);
});
