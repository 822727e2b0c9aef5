import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { escapeScript, escapeShapes } from '../../support/escape-shapes.ts';
import { createCommandHarness, listMarked, until } from './command-harness.ts';

const shapes = Object.keys(escapeShapes) as (keyof typeof escapeShapes)[];

/** A command that has started the shape and goes on. */
async function startShape(shape: (typeof shapes)[number]) {
  const harness = createCommandHarness();
  const go = join(harness.root, 'go');
  const command = harness.shell(escapeScript(shape, go));
  await until(() => listMarked(harness.mark).length > 0, `the shape ${shape}`);
  return { harness, command, goOn: () => writeFileSync(go, '') };
}

describe.runIf(process.platform === 'linux')('nothing of a command gets out of sight', () => {
  test.each(shapes)('%s: gone, proven, when the command is cancelled', async (shape) => {
    const { harness, command } = await startShape(shape);
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', treeProven: true });
    expect(listMarked(harness.mark)).toEqual([]);
  });

  test.each(shapes)('%s: gone, proven, when the command has ended well', async (shape) => {
    const { harness, command, goOn } = await startShape(shape);
    goOn();
    expect(await command.outcome).toMatchObject({ end: 'exited', exitCode: 0, treeProven: true });
    expect(listMarked(harness.mark)).toEqual([]);
  });
});
