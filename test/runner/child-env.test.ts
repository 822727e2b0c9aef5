import { expect, test } from 'vitest';

import { claudeEnv, commandEnv, withGitSetting } from '../../src/runner/child-env.ts';

const configured = {
  PATH: '/bin',
  HOME: '/home/ada',
  ANTHROPIC_API_KEY: 'sk-1',
  ANTHROPIC_AUTH_TOKEN: 'at-1',
  CLAUDE_CODE_OAUTH_TOKEN: 'oat-1',
  CLAUDECODE: '1',
  GITHUB_TOKEN: 'gh-1',
};

test('Claude gets what is configured, but for the marks of a session it would take itself to be inside of', () => {
  const { CLAUDECODE: _, ...rest } = configured;
  expect(claudeEnv(configured)).toEqual(rest);
});

test("a check gets the same without Claude's credentials", () => {
  expect(commandEnv(configured)).toEqual({ PATH: '/bin', HOME: '/home/ada', GITHUB_TOKEN: 'gh-1' });
});

test('git settings add up', () => {
  const once = withGitSetting({}, 'core.excludesFile', '/a');
  expect(withGitSetting(once, 'user.name', 'b')).toEqual({
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'core.excludesFile',
    GIT_CONFIG_VALUE_0: '/a',
    GIT_CONFIG_KEY_1: 'user.name',
    GIT_CONFIG_VALUE_1: 'b',
  });
});
