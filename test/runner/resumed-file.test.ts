import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openResumedFile } from '../../src/runner/resumed-file.ts';
import { tempFolder } from '../support/temp-repository.ts';

function writeAll(path: string, ...texts: string[]): string {
  const file = openResumedFile(path);
  for (const text of texts) file.write(text);
  file.close();
  return readFileSync(path, 'utf8');
}

test('text that comes again is passed over, and what follows is appended', () => {
  const path = join(tempFolder(), 'log');
  expect(writeAll(path, 'grün ', 'two ')).toBe('grün two ');
  expect(writeAll(path, 'grün two th', 'ree')).toBe('grün two three');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('an entry of which a crash left a part is completed', () => {
  const path = join(tempFolder(), 'log');
  writeFileSync(path, 'one tw');
  expect(writeAll(path, 'one ', 'two ', 'three')).toBe('one two three');
});

test('where the text has become another one, the file is cut and goes on from there', () => {
  const path = join(tempFolder(), 'log');
  writeAll(path, 'one ', 'a secret ', 'three');
  expect(writeAll(path, 'one ', '[masked] ', 'three')).toBe('one [masked] three');
});
