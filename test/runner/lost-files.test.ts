import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { makeRunnerPlace, untilExists, type RunnerPlace } from '../support/runner-place.ts';
import { bash, say } from '../support/script.ts';
import { makeRepository } from '../support/temp-repository.ts';

const attemptFolder = (at: RunnerPlace): string => join(at.data, 'runs/r142/1');
const worktree = (at: RunnerPlace): string => join(at.data, 'worktrees/r142');
const untilGate = 'touch begun; until [ -e gate ]; do sleep 0.05; done';

/** A bot that ends while Claude works; Claude ends before the next one begins. */
async function endBetween(at: RunnerPlace) {
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const request = at.request();
  const first = at.live();
  first.runner.start(request);
  await untilExists(join(worktree(at), 'begun'));
  await first.runner.stop();
  writeFileSync(join(worktree(at), 'gate'), '');
  await untilExists(join(attemptFolder(at), 'claude/outcome.json'));
  return request;
}

test('a worktree that is deleted under Claude is named in the report', async () => {
  const at = await makeRunnerPlace([[bash(untilGate), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const life = at.live();
  life.runner.start(at.request());
  await untilExists(join(worktree(at), 'begun'));
  renameSync(worktree(at), join(at.folder, 'aside'));
  writeFileSync(join(at.folder, 'aside/gate'), '');
  const report = await life.reported('r142-1');
  expect(report.failedStep).toMatchObject({
    step: 'workspace',
    message: `the folder that Claude worked in is gone, with what was not committed: ${worktree(at)}`,
  });
  expect(life.faults).toEqual([]);
});

test('a stream that was deleted while no bot ran is an attempt without a result, and no fault', async () => {
  const at = await makeRunnerPlace([[bash(untilGate), say('Done.')]]);
  const request = await endBetween(at);
  rmSync(join(attemptFolder(at), 'claude/stream.jsonl'));
  const life = at.live();
  const report = await life.run(request);
  expect(report).toMatchObject({
    failedStep: null,
    claude: { outcome: { end: 'exited' }, result: null, lastWords: '' },
  });
  expect(life.faults).toEqual([]);
});

test('a stream that was cut while no bot ran is read as far as it goes', async () => {
  const at = await makeRunnerPlace([[bash(untilGate), say('Done.')]]);
  const request = await endBetween(at);
  const stream = join(attemptFolder(at), 'claude/stream.jsonl');
  truncateSync(stream, readFileSync(stream).indexOf('"type":"result"') + 20);
  const life = at.live();
  const report = await life.run(request);
  expect(report.claude).toMatchObject({ outcome: { end: 'exited' }, result: null, lastWords: 'Done.' });
  expect(life.faults).toEqual([]);
});

test('a transcript that was deleted or cut while no bot ran is written again from the stream', async () => {
  const at = await makeRunnerPlace([[bash(untilGate), say('Done.')]]);
  const request = await endBetween(at);
  const transcript = join(attemptFolder(at), 'attempt-1.log');
  truncateSync(transcript, 10);
  const life = at.live();
  await life.run(request);
  expect(readFileSync(transcript, 'utf8')).toMatch(/^tidy · r142 · attempt 1\n[^]*Done\./);
  rmSync(transcript);
  // Of an ended run it is gone: whoever reads it gets nothing, and no error.
  expect(await life.runner.size('r142-1', 'transcript')).toBe(0);
  expect((await life.runner.read('r142-1', 'transcript', 0, 100)).length).toBe(0);
});
