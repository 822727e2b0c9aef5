import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { openDatabase } from '../../src/db/open-database.ts';
import { UserError } from '../../src/model/user-error.ts';
import { tempFolder } from '../support/temp-repository.ts';

let file: string;
beforeEach(() => {
  const folder = tempFolder();
  file = join(folder, 'nightdesk.db');
  const { $client } = openDatabase(file);
  $client.exec(`INSERT INTO inbox (event_id, received_at) VALUES ('one', 1)`);
  $client.close();
  mkdirSync(join(folder, 'runs'));
});

const overwrite = (from: number, to: number) => (): void => {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, from, Math.min(to, bytes.length));
  writeFileSync(file, bytes);
};

test.each([
  ['whose header is garbage', overwrite(0, 100), 'file is not a database'],
  ['whose first page is garbage behind its header', overwrite(100, 4096), 'database disk image is malformed'],
  ['that was cut to half', () => truncateSync(file, readFileSync(file).length / 2), 'database disk image is malformed'],
  ['that was cut in its first page', () => truncateSync(file, 1000), 'database disk image is malformed'],
  ['that was emptied', () => truncateSync(file, 0), 'it is empty, and there are runs beside it'],
])('a store %s is refused with what to do, and stays as it is', (_name, spoil, why) => {
  spoil();
  const before = readFileSync(file);
  const open = (): unknown => openDatabase(file);
  for (let start = 0; start < 2; start += 1) {
    expect(open).toThrow(UserError);
    expect(open).toThrow(
      `The store ${file} can't be used: ${why}. Put back a copy of it with \`nightdesk restore\`, or move it away to begin with an empty one.`,
    );
  }
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(join(file, '..')).filter((name) => name.startsWith('backup'))).toEqual([]);
});

test('a store that a killed first start left empty is begun', () => {
  const fresh = join(tempFolder(), 'nightdesk.db');
  writeFileSync(fresh, '');
  const { $client } = openDatabase(fresh);
  expect($client.prepare('SELECT count(*) FROM jobs').pluck().get()).toBe(0);
  $client.close();
});
