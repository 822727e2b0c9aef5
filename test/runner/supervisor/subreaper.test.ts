import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test } from 'vitest';

const source = (name: string) =>
  pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'src', 'runner', 'supervisor', name)).href;

/** In a process of its own, since a subreaper stays one: an orphan comes to it, ends, and is waited for. */
const script = `
  import { spawnSync } from 'node:child_process';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { becomeSubreaper } from '${source('subreaper.ts')}';
  import { listDescendants } from '${source('process-table.ts')}';
  const subreaper = await becomeSubreaper();
  spawnSync('bash', ['-c', 'sleep 0.1 & exit 0'], { stdio: 'ignore' });
  const [orphan] = listDescendants(process.pid);
  const states = [orphan.isZombie];
  while (!listDescendants(process.pid)[0]?.isZombie) await sleep(5);
  subreaper.reapOrphans(orphan.pid);
  states.push(listDescendants(process.pid)[0]?.isZombie);
  subreaper.reapOrphans(undefined);
  console.log(JSON.stringify({ isActive: subreaper.isActive, states, left: listDescendants(process.pid).length }));
`;

test.runIf(process.platform === 'linux')('an orphan is adopted, and waited for when it has ended', () => {
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(text)).toEqual({ isActive: true, states: [false, true], left: 0 });
});
