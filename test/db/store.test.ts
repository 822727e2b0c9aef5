import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { openDatabase } from '../../src/db/open-database.ts';
import { createStore } from '../../src/db/store.ts';

test('what only reads can write nothing and set no alarm, and a change after it can', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-store-'));
  const db = openDatabase(path.join(folder, 'store.db'));
  onTestFinished(() => {
    db.$client.close();
    rmSync(folder, { recursive: true });
  });
  const store = createStore(db);
  const at = new Date(0);
  expect(() => store.read(({ inbox }) => inbox.receive('event', at))).toThrow(/readonly/);
  expect(() => store.read(({ alarm }) => alarm(at))).toThrow('only reads');
  expect(store.change(({ inbox }) => inbox.receive('event', at))).toBe(true);
});
