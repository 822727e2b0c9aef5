import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Check } from '../../src/model/check.ts';
import { makeRunnerPlace } from '../support/runner-place.ts';
import { bash, say } from '../support/script.ts';
import { makeRepository } from '../support/temp-repository.ts';

const npmTest: Check = { kind: 'command', command: 'npm test' };
const files = {
  'api/package.json': '{"name":"api","scripts":{"test":"sh check.sh"}}\n',
  'api/check.sh': 'exit 1\n',
  'api/test/cart.test.js': 'throw new Error();\n',
  'check.sh': 'exit 1\n',
};
const work = [
  `echo '{"name":"api2","scripts":{"test":"true"}}' > package.json`,
  'mv test/cart.test.js test/old.js',
  'echo exit 0 > check.sh',
].join('; ');
const named = ['package.json (scripts)', 'test/cart.test.js (deleted)'];

test.each([
  ['worktree', named.map((name) => `api/${name}`)],
  ['in-place', named],
] as const)('in a part of a repository, %s, what changed of the checks is named', async (workspace, changedChecks) => {
  const at = await makeRunnerPlace([[bash(work), say('Done.')]]);
  makeRepository(at.project, files);
  const project = { path: join(at.project, 'api'), workspace };
  const report = await at.live().run(at.request({ project, checks: [npmTest] }));
  expect(report.changedChecks).toEqual(changedChecks);
});

test('a package.json that is no JSON any more has no scripts', async () => {
  const at = await makeRunnerPlace([[bash('echo "<<<<" > api/package.json'), say('Done.')]]);
  makeRepository(at.project, files);
  const report = await at.live().run(at.request({ checks: [npmTest] }));
  expect(report.changedChecks).toEqual(['api/package.json (scripts)']);
});
