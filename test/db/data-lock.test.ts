import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockDataDirectory } from '../../src/db/data-lock.ts';
import { openDatabase } from '../../src/db/open-database.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nightdesk-lock-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a data directory is made for its owner alone, and is ours until it is released', () => {
  const directory = path.join(root, 'deep/data');
  const lock = lockDataDirectory(directory, 'the first');
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(() => lockDataDirectory(directory, 'the second')).toThrow(
    `${directory} is in use by the first. One bot works on a data directory.`,
  );
  lock.release();
  lockDataDirectory(directory, 'the third').release();
});

test.skipIf(process.platform !== 'linux')('a folder that can not be made is told, and not tried for ever', () => {
  expect(() => lockDataDirectory('/proc/nightdesk', 'x')).toThrow(
    /^\/proc\/nightdesk can't be the data directory: ENOENT/,
  );
});

test('a file where the data directory should be is told', () => {
  writeFileSync(path.join(root, 'file'), '');
  expect(() => lockDataDirectory(path.join(root, 'file'), 'x')).toThrow(/can't be the data directory/);
});

test('a store that is no database is told, with what to do', () => {
  const file = path.join(root, 'nightdesk.db');
  writeFileSync(file, 'no database at all, but long enough to look at'.repeat(50));
  expect(() => openDatabase(file)).toThrow(/can't be used: file is not a database\. Put back a copy of it/);
});
