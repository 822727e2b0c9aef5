import { expect, test } from 'vitest';

import { checkLogin } from '../../../src/cli/doctor/check-login.ts';
import { serviceManager } from '../../../src/cli/doctor/service-env.ts';
import { runProgram } from '../../../src/cli/run-program.ts';
import { claudePath } from '../../support/run-claude.ts';
import { tempFolder } from '../../support/temp-repository.ts';

const user = { name: 'ada', home: '/home/ada', shell: '/bin/sh' };
const now = new Date('2026-11-22T09:00:00Z');
const context = { env: {}, platform: 'linux', isRoot: false, service: undefined, now } as const;
const onMac = { ...context, platform: 'darwin', service: serviceManager('darwin', user) } as const;
const asked = (status: object) => ({ isOk: true, stdout: JSON.stringify(status), stderr: '', failure: '' });

test.each([
  ['nothing', {}, {}, 'fault', /^there is none in the environment of runs$/],
  [
    'a key of the terminal alone',
    {},
    { ANTHROPIC_API_KEY: 'x' },
    'fault',
    /ANTHROPIC_API_KEY is set in this terminal, and not passed/,
  ],
  ['a key', { ANTHROPIC_API_KEY: 'x' }, {}, 'ok', /\(ANTHROPIC_API_KEY\): runs are billed to the API$/],
  ['a token', { CLAUDE_CODE_OAUTH_TOKEN: 'x' }, {}, 'ok', /^a token from the environment: billed to that account$/],
  [
    'a key and a token',
    { ANTHROPIC_API_KEY: 'x', CLAUDE_CODE_OAUTH_TOKEN: 'x' },
    {},
    'warning',
    /although CLAUDE_CODE_OAUTH_TOKEN/,
  ],
  ['another provider', { CLAUDE_CODE_USE_BEDROCK: '1' }, {}, 'ok', /^by bedrock/],
])('the real CLI with %s', async (_, given, terminal, state, said) => {
  const env = { PATH: '/usr/bin:/bin', HOME: tempFolder(), ...given };
  const status = await runProgram([claudePath, 'auth', 'status', '--json'], { env, timeoutMs: 20_000 });
  expect(checkLogin(status, env, { ...context, env: terminal })).toMatchObject({
    state,
    said: expect.stringMatching(said),
  });
});

test.each([
  [
    'in the desktop’s keychain, for a service of launchd',
    { authMethod: 'claude.ai', configDirectory: '/nowhere' },
    onMac,
    'fault',
    /keychain/,
  ],
  [
    'in the desktop’s keychain, for a terminal',
    { authMethod: 'claude.ai' },
    { ...onMac, service: undefined },
    'ok',
    /^claude\.ai/,
  ],
  ['by a token, for a service of launchd', { authMethod: 'oauth_token' }, onMac, 'ok', /token/],
  [
    'that has ended',
    { authMethod: 'claude.ai', loginExpiresAt: '2026-11-22T08:00:00Z' },
    context,
    'fault',
    /ended at 2026-11-22T08:00/,
  ],
  ['that ends later', { authMethod: 'claude.ai', loginExpiresAt: '2027-01-01T00:00:00Z' }, context, 'ok', /claude\.ai/],
])('a login %s', (_, status, where, state, said) => {
  expect(checkLogin(asked({ loggedIn: true, ...status }), {}, where)).toMatchObject({
    state,
    said: expect.stringMatching(said),
  });
});

test('a CLI that has no such command is a warning, not a fault', () => {
  const answer = { isOk: false, stdout: 'Usage: claude', stderr: '', failure: "error: unknown command 'auth'" };
  expect(checkLogin(answer, {}, context)).toMatchObject({
    state: 'warning',
    said: expect.stringContaining('unknown command'),
  });
});
