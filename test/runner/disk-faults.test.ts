import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { makeRunnerPlace, until, untilExists, type RunnerPlace } from '../support/runner-place.ts';
import { bash, say } from '../support/script.ts';
import { makeRepository } from '../support/temp-repository.ts';

/** A file that takes nothing: each write is answered by ENOSPC. */
const fullFile = '/dev/full';
const isThere = existsSync(fullFile);

/** The transcript of the attempt finds no room, until `makeRoom`. */
function fillTranscript(at: RunnerPlace): { makeRoom: () => void } {
  const folder = join(at.data, 'runs/r142/1');
  const transcript = join(folder, 'attempt-1.log');
  mkdirSync(folder, { recursive: true });
  symlinkSync(fullFile, transcript);
  return { makeRoom: () => rmSync(transcript) };
}

test.skipIf(!isThere)(
  'Claude goes on while its transcript finds no room, and is followed from its start later',
  async () => {
    const at = await makeRunnerPlace([
      [bash('touch begun; until [ -e gate ]; do sleep 0.05; done'), say('All is done.')],
    ]);
    makeRepository(at.project, { 'a.txt': 'one\n' });
    const { makeRoom } = fillTranscript(at);
    const life = at.live();
    life.runner.start(at.request());

    const worktree = join(at.data, 'worktrees/r142');
    await until(() => life.faults.length > 0);
    // What was let go of works, and what took it up again met the same fault.
    await untilExists(join(worktree, 'begun'));
    await until(() => life.faults.length > 1);
    expect(life.faults).toEqual(life.faults.map(() => expect.objectContaining({ code: 'ENOSPC' })));
    expect(life.reports).toEqual([]);
    makeRoom();
    mkdirSync(join(worktree, 'gate'));

    const report = await life.reported('r142-1');
    expect(report).toMatchObject({ failedStep: null, isCancelled: false, treeProven: process.platform === 'linux' });
    expect(report.claude).toMatchObject({ outcome: { end: 'exited' }, lastWords: 'All is done.', toolCalls: 1 });
    expect((await life.runner.read('r142-1', 'transcript', 0, 100_000)).toString()).toContain('All is done.');
    expect(at.model.turns().filter(({ turn }) => turn === 1)).toHaveLength(1);
  },
);

test.skipIf(!isThere)('Claude is ended by a cancel while its transcript finds no room', async () => {
  const at = await makeRunnerPlace([[bash('touch begun; sleep 600'), say('Never said.')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const { makeRoom } = fillTranscript(at);
  const life = at.live();
  life.runner.start(at.request());
  await untilExists(join(at.data, 'worktrees/r142/begun'));
  life.runner.cancel('r142-1');
  await untilExists(join(at.data, 'runs/r142/1/claude/outcome.json'));
  expect(life.reports).toEqual([]);
  makeRoom();
  const report = await life.reported('r142-1');
  expect(report).toMatchObject({ isCancelled: true, claude: { outcome: { end: 'cancelled' } } });
});

test.skipIf(!isThere)('a runner that stops does not wait for room', async () => {
  const at = await makeRunnerPlace([[say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const { makeRoom } = fillTranscript(at);
  const first = at.live();
  const request = at.request();
  first.runner.start(request);
  await until(() => first.faults.length > 0);
  await first.runner.stop();
  makeRoom();
  expect(first.reports).toEqual([]);
  expect(await at.live().run(request)).toMatchObject({ failedStep: null, claude: { lastWords: 'Done.' } });
});

test('the first files of an attempt are written once its caller has answered', async () => {
  const at = await makeRunnerPlace([[say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const life = at.live();
  life.runner.start(at.request());
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  expect(existsSync(join(at.data, 'runs/r142'))).toBe(false);
  await life.reported('r142-1');
});
