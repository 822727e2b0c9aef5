import { describe, expect, test } from 'vitest';

import { holdsSecret, isSecretName } from '../../src/model/secret.ts';

describe('isSecretName', () => {
  test.each([
    'ANTHROPIC_API_KEY',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'GITHUB_TOKEN',
    'DB_PASSWORD',
    'PGPASSWORD',
    'AWS_SECRET_ACCESS_KEY',
    'SENTRY_DSN',
    'npm_token',
  ])('%s names a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each([
    'PATH',
    'HOME',
    'PWD',
    'OLDPWD',
    'SSH_AUTH_SOCK',
    'SSL_CERT_FILE',
    'KEYBOARD',
    'MONKEY',
    'TOKEN_FILE',
    'CI',
  ])('%s names none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('holdsSecret', () => {
  test.each([
    `sk-ant-api03-${'x'.repeat(20)}`,
    'xoxb-0123456789-abcdef',
    'xapp-1-A0123456789-0123',
    'token ghp_012345678901234567890123456789abcdef in a text',
    `github_pat_${'x'.repeat(40)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'https://ada:hunter2@example.org/repo.git',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
  ])('%s is one', (text) => {
    expect(holdsSecret(text)).toBe(true);
  });

  test.each([
    'npm ci && npm test',
    'https://example.org/sk-folder',
    'git@github.com:nightdesk/nightdesk.git',
    'ssh://git@example.org:22/repo.git',
    'ghp_short',
    '/home/ada/.ssh/id_ed25519',
    'sk-index',
  ])('%s is none', (text) => {
    expect(holdsSecret(text)).toBe(false);
  });
});
