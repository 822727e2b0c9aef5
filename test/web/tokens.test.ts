import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { UserError } from '../../src/model/user-error.ts';
import { createTokens } from '../../src/web/tokens.ts';
import { temporaryFolder } from '../support/running-web.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('each person has a token of 32 random bytes in a file that only the owner reads', () => {
  const folder = join(temporaryFolder(), 'data');
  const tokens = createTokens(folder, ['ada', 'grace']);
  expect(tokens.tokenFor('ada')).toMatch(/^[\w-]{43}$/);
  expect(tokens.tokenFor('grace')).not.toBe(tokens.tokenFor('ada'));
  expect(modeOf(join(folder, 'web-tokens.json'))).toBe(0o600);
  expect(modeOf(folder)).toBe(0o700);
});

test('a token names its person, after a restart as well, and nothing else does', () => {
  const folder = temporaryFolder();
  const token = createTokens(folder, ['ada']).tokenFor('ada');
  const tokens = createTokens(folder, ['ada', 'grace']);
  expect(tokens.personOf(token)).toBe('ada');
  expect(tokens.personOf(tokens.tokenFor('grace'))).toBe('grace');
  for (const wrong of ['', 'ada', token.slice(1), `${token}x`]) expect(tokens.personOf(wrong)).toBeUndefined();
});

test('a person who is not listed any more does not come in', () => {
  const folder = temporaryFolder();
  const token = createTokens(folder, ['ada', 'eve']).tokenFor('eve');
  const tokens = createTokens(folder, ['ada']);
  expect(tokens.personOf(token)).toBeUndefined();
  expect(() => tokens.tokenFor('eve')).toThrow('web.people has ada');
});

test('people can be admitted and shut out while it runs; who had a token keeps it', () => {
  const folder = temporaryFolder();
  const tokens = createTokens(folder, ['ada', 'eve']);
  const [ada, eve] = [tokens.tokenFor('ada'), tokens.tokenFor('eve')];
  expect(tokens.admit(['ada', 'grace'])).toEqual(['grace']);
  expect(tokens.personOf(tokens.tokenFor('grace'))).toBe('grace');
  expect([tokens.personOf(ada), tokens.personOf(eve)]).toEqual(['ada', undefined]);
});

test('who is admitted is new although a command of the terminal has made the token already', () => {
  const folder = temporaryFolder();
  const tokens = createTokens(folder, ['ada']);
  createTokens(folder, ['ada', 'grace']);
  expect(tokens.admit(['ada', 'grace'])).toEqual(['grace']);
  expect(tokens.admit(['ada', 'grace'])).toEqual([]);
});

test.skipIf(!canMount)('on a disk that is read-only the tokens that there are can be used', () => {
  const disk = smallDisk(1);
  const token = createTokens(disk.folder, ['ada']).tokenFor('ada');
  disk.setReadOnly();
  expect(createTokens(disk.folder, ['ada']).personOf(token)).toBe('ada');
});

test('an entry that is taken out of the file counts no more, without a restart', () => {
  const folder = temporaryFolder();
  const tokens = createTokens(folder, ['ada', 'grace']);
  const [ada, grace] = [tokens.tokenFor('ada'), tokens.tokenFor('grace')];
  writeFileSync(join(folder, 'web-tokens.json'), JSON.stringify({ grace }));
  expect(tokens.personOf(ada)).toBeUndefined();
  expect(tokens.personOf(grace)).toBe('grace');
});

test('a file that others could read is closed to them', () => {
  const folder = temporaryFolder();
  createTokens(folder, ['ada']);
  chmodSync(join(folder, 'web-tokens.json'), 0o644);
  createTokens(folder, ['ada']);
  expect(modeOf(join(folder, 'web-tokens.json'))).toBe(0o600);
});

test.each(['', '[]', '{"ada": 1}', '{"ada": "short"}'])('a file with %j is named as the fault and kept', (text) => {
  const folder = temporaryFolder();
  const path = join(folder, 'web-tokens.json');
  writeFileSync(path, text);
  expect(() => createTokens(folder, ['ada'])).toThrow(UserError);
  expect(() => createTokens(folder, ['ada'])).toThrow(
    `${path} can't be used. It is a JSON object of names and tokens, such as {"ada": "…"}; take it away, and new tokens are made.`,
  );
  expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(text);
});
