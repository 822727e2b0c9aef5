import { describe, expect, test } from 'vitest';

import { findProgram } from '../../src/find-program.ts';
import { isVersionAtLeast } from '../../src/cli/doctor/version-at-least.ts';
import { runProgram, type ProgramResult } from '../../src/cli/run-program.ts';
import { tempFolder, writeFiles } from '../support/temp-repository.ts';

const shell = (script: string, timeoutMs = 20_000): Promise<ProgramResult> =>
  runProgram(['/bin/sh', '-c', script], { env: { PATH: '/usr/bin:/bin' }, timeoutMs });

describe('a program that is asked something', () => {
  test('has its words told, and the last line of its errors as the reason', async () => {
    expect(await shell('echo yes')).toMatchObject({ isOk: true, stdout: 'yes\n' });
    expect(await shell('echo first >&2; echo last >&2; exit 3')).toMatchObject({ isOk: false, failure: 'last' });
    expect(await shell('exit 3')).toMatchObject({ isOk: false, failure: 'ended with 3' });
  });

  test('gets no input to wait for, and nothing of our own environment', async () => {
    expect(await shell('cat; echo "$HOME"')).toMatchObject({ isOk: true, stdout: '\n' });
  });

  test.each(['sleep 60', 'sleep 60 & wait', 'setsid sleep 5 & wait'])(
    'is ended when its time is over: %s',
    async (script) => {
      const start = performance.now();
      expect(await shell(script, 200)).toMatchObject({ isOk: false, failure: 'no answer within 0.2 s' });
      expect(performance.now() - start).toBeLessThan(4_000);
    },
  );

  test('that is not there is a failure like another', async () => {
    const asked = await runProgram(['/no/such/program'], { env: {}, timeoutMs: 1_000 });
    expect(asked).toMatchObject({ isOk: false, failure: expect.stringContaining('ENOENT') });
  });
});

test('a program is what can be executed in a folder of the PATH, or at its path', () => {
  const folder = tempFolder();
  writeFiles(folder, { 'plain-file': '' });
  expect(findProgram('sh', `/nowhere::/bin`)).toBe('/bin/sh');
  expect(findProgram('plain-file', folder)).toBeUndefined();
  expect(findProgram('bin', '/')).toBeUndefined();
  expect(findProgram('./sh', undefined, '/bin')).toBe('/bin/sh');
  expect(findProgram('sh', undefined)).toBeUndefined();
});

test.each([
  ['2.39.5', '2.31', true],
  ['2.31', '2.31', true],
  ['2.30.9', '2.31', false],
  ['10.0', '9.9.9', true],
  ['2.1.197', '2.1.197', true],
  ['2.1.96', '2.1.197', false],
  ['3', '2.1.197', true],
  ['2', '2.1', false],
])('%s is at least %s: %s', (version, least, isIt) => {
  expect(isVersionAtLeast(version, least)).toBe(isIt);
});
