import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { bash, hang, say, type Script } from '../../support/script.ts';
import { startScriptedModel, type ScriptedModel } from '../../support/scripted-model.ts';
import {
  createCommandHarness,
  listMarked,
  until,
  type CommandHarness,
  type RequestChanges,
} from './command-harness.ts';

const claude = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin', 'claude');
const flags = [
  '-p',
  '--output-format',
  'stream-json',
  '--verbose',
  '--include-partial-messages',
  '--allowedTools',
  'Bash',
];

let model: ScriptedModel | undefined;
afterEach(() => model?.close());

async function run(harness: CommandHarness, script: Script, limits: RequestChanges['limits']) {
  model = await startScriptedModel(script);
  const home = join(harness.root, 'home');
  mkdirSync(home);
  const env = { ...model.env(home), MARK: harness.mark };
  const allLimits = { interruptGraceMs: 5_000, ...limits };
  return harness.supervise({ kind: 'claude', argv: [claude, ...flags], env, limits: allLimits }, 'go');
}

const inMark = 'exec -a "$MARK" sleep 600';

/** The `result` lines of the stream. */
function resultsOf(harness: CommandHarness): Record<string, unknown>[] {
  const lines = harness.read('stream.jsonl').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['type'] === 'result');
}

describe('the real Claude Code', () => {
  test('ends by itself, once its answer is there', async () => {
    const harness = createCommandHarness();
    const command = await run(harness, [[bash('echo hello'), say('Done.')]], { stallMs: 15_000, hangMs: 10_000 });
    expect(await command.outcome).toMatchObject({ end: 'exited', exitCode: 0, left: { count: 0 } });
    expect(resultsOf(harness)).toHaveLength(1);
  });

  test('ends by its own hand when it is cancelled in a tool call, and the tool is gone', async () => {
    const harness = createCommandHarness();
    const command = await run(harness, [[bash(inMark)]], {});
    await until(() => listMarked(harness.mark).length > 0, 'the tool call');
    command.cancel();
    // 2.1.330 prints a last `result` with its cost most of the time, not always.
    const treeProven = process.platform === 'linux';
    expect(await command.outcome).toMatchObject({ end: 'cancelled', signal: null, treeProven });
    expect(listMarked(harness.mark)).toEqual([]);
  });

  test('is ended with the dev server that it left running in the background', async () => {
    const harness = createCommandHarness();
    const turns = [bash(inMark, { run_in_background: true }), say('The server runs.')];
    const command = await run(harness, [turns], { stallMs: 15_000, hangMs: 10_000, backgroundMs: 1_000 });
    expect(await command.outcome).toMatchObject({ end: 'background-ended' });
    expect(listMarked(harness.mark)).toEqual([]);
  });

  test('is given time for a background task that ends, and for what it says then', async () => {
    const harness = createCommandHarness();
    const isTold = `grep -q '"type":"result"' ${join(harness.folder, 'stream.jsonl')}`;
    const build = `until ${isTold}; do sleep 0.1; done; echo built`;
    const turns = [bash(build, { run_in_background: true }), say('It builds.'), say('It is built.')];
    const command = await run(harness, [turns], { stallMs: 15_000, hangMs: 10_000, backgroundMs: 15_000 });
    expect(await command.outcome).toMatchObject({ end: 'exited', exitCode: 0 });
    expect(resultsOf(harness).length).toBeGreaterThan(1);
  });

  test('is stalled when the model never answers', async () => {
    const harness = createCommandHarness();
    const command = await run(harness, [[hang()]], { stallMs: 3_000 });
    expect(await command.outcome).toMatchObject({ end: 'stalled' });
  });
});
