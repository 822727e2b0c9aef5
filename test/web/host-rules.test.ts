import { expect, test } from 'vitest';

import { createHostRules } from '../../src/web/host-rules.ts';

const rules = createHostRules('127.0.0.1', 7433, 'https://desk.example.org');

test.each([
  ['127.0.0.1:7433', true],
  ['localhost:7433', true],
  ['LOCALHOST:7433', true],
  ['[::1]:7433', true],
  ['desk.example.org', true],
  ['localhost', false],
  ['localhost:7434', false],
  ['127.0.0.1.evil.example:7433', false],
  ['evil.example:7433', false],
  ['desk.example.org.evil.example', false],
  ['desk.example.org:7433', false],
  ['', false],
  [undefined, false],
])('the host %j is ours: %j', (host, isOurs) => {
  expect(rules.isOurHost(host)).toBe(isOurs);
});

test.each([
  ['http://127.0.0.1:7433', true],
  ['http://localhost:7433', true],
  ['https://desk.example.org', true],
  ['http://desk.example.org', false],
  ['https://localhost:7433', false],
  ['http://localhost:3000', false],
  ['https://evil.example', false],
  ['null', false],
])('the origin %j is ours: %j', (origin, isOurs) => {
  expect(rules.isOurOrigin(origin)).toBe(isOurs);
});

test.each([
  ['192.168.1.5', '192.168.1.5:7433', true],
  ['0.0.0.0', '0.0.0.0:7433', false],
  ['fd00::5', '[fd00::5]:7433', true],
  ['127.0.0.1', '127.0.0.1', false],
])('listening on %s, the host %s is ours: %j', (listening, host, isOurs) => {
  expect(createHostRules(listening, 7433, undefined).isOurHost(host)).toBe(isOurs);
});

test('the port of the scheme is not written', () => {
  expect(createHostRules('127.0.0.1', 80, undefined).isOurHost('localhost')).toBe(true);
});
