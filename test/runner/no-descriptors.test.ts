import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { makeRunnerPlace, until, untilExists } from '../support/runner-place.ts';
import { bash, say } from '../support/script.ts';
import { makeRepository } from '../support/temp-repository.ts';

const canLimit = spawnSync('bash', ['-c', 'command -v prlimit']).status === 0;

/** Takes this process all further file descriptors; the helper that gives them back is there before. */
async function takeDescriptors(): Promise<{ giveBack: () => Promise<void> }> {
  const limit = `prlimit --pid ${process.pid} --nofile`;
  const script = `was=$(${limit} --output SOFT --noheadings --raw); ${limit}=4:; echo taken; read -r; ${limit}=$was:`;
  const helper = spawn('bash', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(helper, 'exit');
  await once(helper.stdout, 'data');
  return {
    async giveBack() {
      helper.stdin.end('\n');
      await ended;
    },
  };
}

test.skipIf(!canLimit)(
  'Claude goes on while there are no file descriptors left, and is followed again later',
  async () => {
    const at = await makeRunnerPlace([
      [bash('touch begun; until [ -e gate ]; do sleep 0.05; done'), say('All is done.')],
    ]);
    makeRepository(at.project, { 'a.txt': 'one\n' });
    const life = at.live();
    life.runner.start(at.request());
    await untilExists(join(at.data, 'worktrees/r142/begun'));
    const { giveBack } = await takeDescriptors();
    try {
      await until(() => life.faults.length > 0);
    } finally {
      await giveBack();
    }
    expect(life.faults).toEqual(life.faults.map(() => expect.objectContaining({ code: 'EMFILE' })));
    expect(life.reports).toEqual([]);
    writeFileSync(join(at.data, 'worktrees/r142/gate'), '');
    const report = await life.reported('r142-1');
    expect(report).toMatchObject({
      failedStep: null,
      claude: { outcome: { end: 'exited' }, lastWords: 'All is done.' },
    });
  },
);

test.skipIf(!canLimit)('a cancel while there are no file descriptors left is carried out once there are', async () => {
  const at = await makeRunnerPlace([[bash('touch begun; sleep 600')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const life = at.live();
  life.runner.start(at.request());
  await untilExists(join(at.data, 'worktrees/r142/begun'));
  const { giveBack } = await takeDescriptors();
  try {
    life.runner.cancel('r142-1');
  } finally {
    await giveBack();
  }
  const report = await life.reported('r142-1');
  expect(report).toMatchObject({ isCancelled: true, claude: { outcome: { end: 'cancelled' } } });
});
