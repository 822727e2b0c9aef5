import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import type { Config } from '../src/config/config-value.ts';
import { createHost } from '../src/host.ts';
import { canMount, smallDisk } from './support/small-disk.ts';
import { tempFolder } from './support/temp-repository.ts';

let data: string;
beforeEach(() => {
  data = tempFolder();
  writeFileSync(join(data, 'nightdesk.db'), 'the store');
});

const config = (): Config => {
  throw new Error('not asked for');
};

test('a small file is written and leaves nothing behind', async () => {
  const { fault, tookMs } = await createHost(data, config).tryWriting();
  expect(fault).toBeUndefined();
  expect(tookMs).toBeGreaterThan(0);
  expect(readdirSync(data)).toEqual(['nightdesk.db']);
});

test('those who ask at once share one file', async () => {
  const host = createHost(data, config);
  const [one, other] = await Promise.all([host.tryWriting(), host.tryWriting()]);
  expect([one.fault, other.fault]).toEqual([undefined, undefined]);
});

test('a data directory that was deleted is a fault, and so is one with another store in its place', async () => {
  const host = createHost(data, config);
  const aside = `${data}-aside`;
  renameSync(data, aside);
  expect((await host.tryWriting()).fault).toMatchObject({ code: 'ENOENT' });
  mkdirSync(data);
  const lost = { message: expect.stringContaining('nightdesk.db was deleted or moved while nightdesk has it open') };
  expect((await host.tryWriting()).fault).toMatchObject(lost);
  writeFileSync(join(data, 'nightdesk.db'), 'another store');
  expect((await host.tryWriting()).fault).toMatchObject(lost);
  rmSync(data, { recursive: true });
  renameSync(aside, data);
  expect((await host.tryWriting()).fault).toBeUndefined();
});

test.skipIf(!canMount)('a disk that is read-only, and one that is full, are faults with their codes', async () => {
  const disk = smallDisk(1);
  writeFileSync(join(disk.folder, 'nightdesk.db'), 'the store');
  const host = createHost(disk.folder, config);
  disk.fill();
  expect((await host.tryWriting()).fault).toMatchObject({ code: 'ENOSPC' });
  disk.makeRoom();
  expect((await host.tryWriting()).fault).toBeUndefined();
  disk.setReadOnly();
  expect((await host.tryWriting()).fault).toMatchObject({ code: 'EROFS' });
});
