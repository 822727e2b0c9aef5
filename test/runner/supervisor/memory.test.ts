import { statSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { createCommandHarness, fixture } from './command-harness.ts';

const maxKilobytes = 150_000;

describe.runIf(process.platform === 'linux')('however much a command prints, its supervisor stays small', () => {
  test.each([
    { title: '200 MB of lines', bytes: 200e6, lineBytes: 1_000, file: 'stream.jsonl', kind: 'claude' },
    { title: 'lines of 50 MB', bytes: 200e6, lineBytes: 50e6, file: 'stream.jsonl', kind: 'claude' },
    { title: '200 MB of a shell', bytes: 200e6, lineBytes: 1_000, file: 'output.log', kind: 'shell' },
  ] as const)('$title', async ({ bytes, lineBytes, file, kind }) => {
    const { supervise, folder, read } = createCommandHarness();
    const followed = kind === 'claude' ? ['followed'] : [];
    const argv = [process.execPath, fixture('flood.mjs'), String(bytes), String(lineBytes), ...followed];
    expect(await supervise({ kind, argv }).outcome).toMatchObject({ end: 'exited', exitCode: 0 });
    expect(statSync(join(folder, file)).size).toBeGreaterThanOrEqual(bytes);
    const tail = kind === 'claude' ? read('stderr.log') : read('output.log').slice(-100);
    const peak = Number(/peak kB: (\d+)/.exec(tail)?.[1]);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(maxKilobytes);
  });
});
