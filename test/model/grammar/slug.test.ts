import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseJobName } from '../../../src/model/grammar/job-name.ts';
import { slugFromGoal } from '../../../src/model/grammar/slug.ts';

const free = (): boolean => false;

test.each([
  ['Upgrade all dependencies to the latest', 'upgrade-dependencies-latest'],
  ['Please fix the flaky login test', 'fix-flaky-login-test'],
  ["Don't lose the users’ data", 'dont-lose-users-data'],
  ['Größe der Straße prüfen', 'grosse-der-strasse-prufen'],
  ['fix issue #142 in `src/app.ts`', 'fix-issue-142-src-app'],
  ['Internationalization-and-localization of everything', 'internationalization'],
  ['a'.repeat(80), 'a'.repeat(30)],
  ['the', 'the'],
  ['list', 'job-list'],
  ['r142', 'job-r142'],
  ['all', 'job-all'],
  ['修复登录', 'job'],
  ['🚀', 'job'],
  ['', 'job'],
])('%j makes the name %s', (goal, name) => {
  expect(slugFromGoal(goal, free)).toBe(name);
});

test('a name that another job has gets the next free number', () => {
  const names = new Set(['fix-login', 'fix-login-2', 'job']);
  expect(slugFromGoal('Fix the login', (name) => names.has(name))).toBe('fix-login-3');
  expect(slugFromGoal('!', (name) => names.has(name))).toBe('job-2');
});

test('whatever the goal, its name can be taken', () => {
  const words = fc.array(fc.constantFrom('the', 'list', 'all', 'r1', '7', '-', 'ß', 'Fix', 'ﬁne', '²', ' ', '\n'));
  const goals = fc.oneof(
    fc.string({ unit: 'binary' }),
    words.map((parts) => parts.join('')),
    words.map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(goals, fc.nat(3), (goal, others) => {
      let left = others;
      const name = slugFromGoal(goal, () => left-- > 0);
      expect(parseJobName(name)).toBe(name);
      expect(name.length).toBeLessThanOrEqual(34);
    }),
    { numRuns: 300 },
  );
});
