import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { superviseCommand } from '../../../src/runner/supervise.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { createCommandHarness, listMarked, until } from './command-harness.ts';

test('a cancel whose line can not be written ends the command by a signal', async () => {
  const { shell, mark, folder } = createCommandHarness();
  const command = shell('exec -a "$MARK" sleep 600');
  await until(() => listMarked(mark).length > 0, 'the command');
  const input = join(folder, 'input.jsonl');
  rmSync(input);
  mkdirSync(input);
  command.cancel();
  expect(await command.outcome).toMatchObject({ end: 'terminated', signal: 'SIGTERM' });
  expect(listMarked(mark)).toEqual([]);
});

test.skipIf(!canMount)(
  'on a full disk a command can be cancelled, and its outcome is told once there is room',
  async () => {
    const { request, mark } = createCommandHarness();
    const disk = smallDisk(1);
    const folder = join(disk.folder, 'command');
    const argv = ['bash', '-c', 'exec -a "$MARK" sleep 600'];
    const command = superviseCommand(folder, { request: request({ argv }) });
    await until(() => listMarked(mark).length > 0 && existsSync(join(folder, 'child.json')), 'the command');
    disk.fill();
    command.cancel();
    await until(() => listMarked(mark).length === 0, 'the end of the command');
    expect(existsSync(join(folder, 'outcome.json'))).toBe(false);
    disk.makeRoom();
    expect(await command.outcome).toMatchObject({ end: 'terminated', treeProven: true });
    command.detach();
  },
);
