import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createAttemptMask } from '../../src/runner/attempt-mask.ts';
import { tempFolder } from '../support/temp-repository.ts';

const value = 'b7Kd93mQz1';

/** Does the work as an account to which files without rights are closed: root may read everything. */
function asNobody<T>(work: () => T): T {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('a .env that this account may not read stops no run: nothing that runs here can print it', () => {
  const path = tempFolder();
  chmodSync(path, 0o755);
  writeFileSync(join(path, '.env'), 'TOKEN=another-secret\n');
  writeFileSync(join(path, '.env.local'), `TOKEN=${value}\n`);
  chmodSync(join(path, '.env'), 0);
  symlinkSync('.env.loop', join(path, '.env.loop'));
  mkdirSync(join(path, 'closed'), { mode: 0 });
  const copy = ['closed/.env'];
  const mask = asNobody(() =>
    createAttemptMask([], {}, { name: 'api', path, workspace: 'worktree', copy, allowedTools: [], checks: [] }),
  );
  expect(mask(`it is ${value}`)).toBe('it is [masked: TOKEN]');
});
