import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { refuseOldNode } from '../src/refuse-old-node.ts';

test.each(['24.0.0', '24.21.0', '25.1.0-nightly', '100.0.0'])('Node %s is welcome', (version) => {
  expect(refuseOldNode(version)).toBeUndefined();
});

test.each(['20.20.2', '22.18.0', '9.0.0', '23.11.1'])('Node %s is refused with what is wanted', (version) => {
  expect(refuseOldNode(version)).toContain(`nightdesk needs Node 24 or newer; this is Node ${version}.`);
});

test('it asks for the version that the package asks for', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(refuseOldNode(engines.node.replace('>=', ''))).toBeUndefined();
  expect(refuseOldNode(String(Number(engines.node.replace('>=', '')) - 1))).toBeDefined();
});

test('it loads nothing, so that an old Node can run it', () => {
  expect(readFileSync('src/refuse-old-node.ts', 'utf8')).not.toMatch(/\bimport\b/);
});
