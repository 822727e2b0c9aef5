import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';

import { excerpt } from '../../../src/runner/stream/excerpt.ts';
import { createMask, secretsOf, secretsOfDotenv } from '../../../src/runner/stream/mask.ts';

const value = 'p4"ss\\wörd/+?&';
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['as it is', `login with ${value}!`, 'login with [masked: PASSWORD]!'],
  ['twice', `${value}${value}`, '[masked: PASSWORD][masked: PASSWORD]'],
  ['in JSON', JSON.stringify({ password: value }), '{"password":"[masked: PASSWORD]"}'],
  ['in a URL', `https://host/?p=${encodeURIComponent(value)}`, 'https://host/?p=[masked: PASSWORD]'],
  ['in base64', base64(value), '[masked: PASSWORD]'],
  ['in base64 for URLs', Buffer.from(value).toString('base64url'), '[masked: PASSWORD]'],
])('a secret %s is replaced by the name of its variable', (_, text, masked) => {
  expect(createMask([{ name: 'PASSWORD', value }]).text(text)).toBe(masked);
});

test.each(['', 'u', 'us', 'user:', 'somebody:'])('a secret behind "%s" in base64 is not to be had', (before) => {
  const secret = 'correct horse battery';
  const masked = createMask([{ name: 'PASSWORD', value: secret }]).text(
    `Basic ${base64(`${before}${secret} and more`)}`,
  );
  expect(masked).toContain('[masked: PASSWORD]');
  const rest = masked.slice('Basic '.length).split('[masked: PASSWORD]');
  for (const part of rest) expect(Buffer.from(part, 'base64').toString()).not.toMatch(/orrect|horse|batter/);
});

test('the longer of two secrets is replaced first', () => {
  const mask = createMask([
    { name: 'SHORT', value: 'secret-one' },
    { name: 'LONG', value: 'secret-one-and-two' },
  ]);
  expect(mask.text('secret-one-and-two secret-one')).toBe('[masked: LONG] [masked: SHORT]');
});

test('each line of a key with several is a secret too, its frame is not', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n';
  const mask = createMask([{ name: 'PRIVATE_KEY', value: key }]);
  expect(mask.text(`key:\n${key.trim()}\n`)).toBe('key:\n[masked: PRIVATE_KEY]\n');
  expect(mask.text('> hkiG9w0BAQEFAASC <')).toBe('> [masked: PRIVATE_KEY] <');
  expect(mask.text('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----');
});

test('values under six characters are left alone', () => {
  expect(createMask([{ name: 'TOKEN', value: 'short' }]).text('a short text')).toBe('a short text');
});

test('a text without secrets is the same text', () => {
  const mask = createMask([{ name: 'TOKEN', value: 'abcdef' }]);
  assert(
    property(string(), (text) => {
      const harmless = text.replaceAll('abcdef', '');
      expect(mask.text(harmless)).toBe(harmless);
    }),
  );
});

test('no secret survives in any text around it, nor its end after a cut', () => {
  const secret = string({ minLength: 6 }).filter((text) => text.trim().length >= 6 && !text.includes('masked'));
  assert(
    property(string(), secret, string(), (before, value, after) => {
      const masked = createMask([{ name: 'T', value }]).text(before + value + after);
      expect(masked).not.toContain(value);
    }),
  );
  const long = `${'x'.repeat(95)}hunter2-hunter2${'y'.repeat(300)}`;
  const masked = createMask([{ name: 'T', value: 'hunter2-hunter2' }]).text(long);
  expect(excerpt(masked, { headLines: 1, tailLines: 1, lineCharacters: 150 })).not.toContain('hunter2');
});

test('variables named like secrets are secrets, and passwords in URLs', () => {
  const env = {
    GITHUB_TOKEN: 'ghp_0123456789',
    DB_PASSWORD: 'swordfish',
    DATABASE_URL: 'postgres://app:s3cret%21pw@db/app',
    HOMEPAGE: 'https://example.org/somewhere',
    SSH_AUTH_SOCK: '/run/agent.sock',
    PWD: '/home/somebody/project',
    KEYBOARD: 'german',
    API_KEY: 'short',
  };
  expect(secretsOf(env)).toEqual([
    { name: 'GITHUB_TOKEN', value: 'ghp_0123456789' },
    { name: 'DB_PASSWORD', value: 'swordfish' },
    { name: 'DATABASE_URL', value: 'postgres://app:s3cret%21pw@db/app' },
    { name: 'DATABASE_URL', value: 's3cret%21pw' },
    { name: 'DATABASE_URL', value: 's3cret!pw' },
  ]);
});

test('the secrets of a .env file are found by its names', () => {
  const text = '# local\nexport STRIPE_SECRET="sk_test_0123456789"\nPORT=3000\nJWT_KEY=\'two words here\' # note\n';
  expect(secretsOfDotenv(text).sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'JWT_KEY', value: 'two words here' },
    { name: 'STRIPE_SECRET', value: 'sk_test_0123456789' },
  ]);
});
