import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import BetterSqlite from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';

import { checkStore } from '../../src/db/copy-store.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-repository.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = tempFolder();
  file = join(folder, 'nightdesk.db');
});

interface Journal {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** The program's migrations, and those of versions to come. */
function plant(name: string, ...statements: string[]): string {
  const migrations = join(folder, name);
  cpSync('migrations', migrations, { recursive: true });
  const path = join(migrations, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal;
  const last = journal.entries.at(-1)!;
  for (const [index, statement] of statements.entries()) {
    const idx = last.idx + 1 + index;
    const tag = `000${idx}_planted`;
    journal.entries.push({ ...last, idx, tag, when: last.when + idx * 1_000 });
    writeFileSync(join(migrations, `${tag}.sql`), statement);
  }
  writeFileSync(path, JSON.stringify(journal));
  return migrations;
}

function fill(): void {
  const { $client } = openDatabase(file);
  $client.exec(`INSERT INTO inbox (event_id, received_at) VALUES ('one', 1)`);
  $client.close();
}

const copies = (): string[] => (existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')).sort() : []);
const events = (path: string): unknown[] => {
  const client = new BetterSqlite(path, { readonly: true });
  const found = client.prepare('SELECT event_id FROM inbox').pluck().all();
  client.close();
  return found;
};

test('a new store is made, and one that is up to date is opened, without a copy', () => {
  fill();
  openDatabase(file).$client.close();
  expect(copies()).toEqual([]);
});

test('a store of an older version is copied and brought forward with all that is in it', () => {
  fill();
  const migrations = plant('next', 'CREATE TABLE planted (id integer PRIMARY KEY)');
  const now = () => new Date('2026-11-23T02:15:00.500Z');
  const { $client } = openDatabase(file, { migrations, now });
  expect($client.prepare('SELECT count(*) FROM planted').pluck().get()).toBe(0);
  $client.close();
  expect(copies()).toEqual(['before-update-20261123T021500Z.db']);
  const copy = join(folder, 'backups', copies()[0]!);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect([events(file), events(copy)]).toEqual([['one'], ['one']]);
  checkStore(copy);
});

test('the last three copies are kept', () => {
  fill();
  for (let version = 1; version <= 5; version += 1) {
    const statements = Array.from({ length: version }, (_, index) => `CREATE TABLE planted_${index} (id integer)`);
    const now = () => new Date(Date.UTC(2026, 10, version));
    openDatabase(file, { migrations: plant(`v${version}`, ...statements), now }).$client.close();
  }
  expect(copies().map((name) => name.slice('before-update-'.length, -'.db'.length))).toEqual([
    '20261103T000000Z',
    '20261104T000000Z',
    '20261105T000000Z',
  ]);
});

test('an update that fails changes nothing, and names the copy', () => {
  fill();
  const migrations = plant('next', 'CREATE TABLE planted (id integer)', 'CREATE TABLE inbox (id integer)');
  expect(() => openDatabase(file, { migrations })).toThrow(
    /could not be brought to this version's tables: table `?inbox`? already exists\. Nothing was changed, and .*before-update-.*\.db is a copy of it/,
  );
  const { $client } = openDatabase(file);
  expect($client.prepare(`SELECT name FROM sqlite_master WHERE name = 'planted'`).get()).toBeUndefined();
  $client.close();
  expect(events(file)).toEqual(['one']);
});

test('a store that is newer than the program is refused with what to do, and left alone', () => {
  fill();
  openDatabase(file, { migrations: plant('next', 'CREATE TABLE planted (id integer)') }).$client.close();
  const before = readFileSync(file);
  expect(() => openDatabase(file)).toThrow(
    /was written by a newer nightdesk: .* Nothing was changed\. Start the newer version again, or put back a copy/,
  );
  expect(readFileSync(file)).toEqual(before);
  expect(() => checkStore(file)).toThrow(/newer nightdesk/);
});

test.skipIf(!canMount)('a store that there is no room to copy is not brought forward', () => {
  const disk = smallDisk(2);
  folder = join(disk.folder, 'data');
  mkdirSync(folder);
  file = join(folder, 'nightdesk.db');
  fill();
  const migrations = plant('next', 'CREATE TABLE planted (id integer)');
  disk.fill();
  expect(() => openDatabase(file, { migrations })).toThrow(/can't be used: .* Its disk may be full/);
  disk.makeRoom();
  disk.fill(150 * 1024);
  expect(() => openDatabase(file, { migrations })).toThrow(/could not be copied before that: .* Make room on its disk/);
  disk.makeRoom();
  expect(events(file)).toEqual(['one']);
});
