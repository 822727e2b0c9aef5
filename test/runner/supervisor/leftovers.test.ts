import { describe, expect, test } from 'vitest';

import { createCommandHarness, fixture, listMarked } from './command-harness.ts';

describe.runIf(process.platform === 'linux')('what a command leaves behind is gone, also after a success', () => {
  test.each(['nohup', 'ignoring', 'stopped', 'stripped'])('%s', async (how) => {
    const { supervise, mark } = createCommandHarness();
    const outcome = await supervise({ argv: [fixture('leave-behind.sh'), how, mark] }).outcome;
    expect(listMarked(mark)).toEqual([]);
    expect(outcome).toMatchObject({ end: 'exited', exitCode: 0, left: { count: 1 }, treeProven: true });
    expect(outcome.left.names).toEqual([how === 'stopped' ? 'bash' : 'mark']);
  });

  test('all of them are counted, and each name is told once', async () => {
    const { supervise, mark } = createCommandHarness();
    const outcome = await supervise({ argv: [fixture('leave-behind.sh'), 'many', mark] }).outcome;
    expect(outcome.left).toEqual({ count: 12, names: ['mark'] });
    expect(listMarked(mark)).toEqual([]);
  });

  test('processes that start others faster than they can be listed', async () => {
    const { shell, mark } = createCommandHarness();
    const until = Math.floor(Date.now() / 1000) + 15;
    const script = `for _ in 1 2 3 4; do bash ${fixture('fork-storm.sh')} "$MARK" ${until} & done; sleep 0.2`;
    const outcome = await shell(script, { limits: { terminateGraceMs: 50 } }).outcome;
    expect(listMarked(mark)).toEqual([]);
    expect(outcome).toMatchObject({ end: 'exited', treeProven: true });
    expect(outcome.left.count).toBeGreaterThan(0);
  });

  test('helpers that end in a moment by themselves are not counted', async () => {
    const { shell } = createCommandHarness();
    const outcome = await shell('sleep 0.02 & exit 0').outcome;
    expect(outcome).toMatchObject({ left: { count: 0, names: [] }, treeProven: true });
  });
});
