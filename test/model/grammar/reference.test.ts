import { describe, expect, test } from 'vitest';

import { findByReference, readRunNumber } from '../../../src/model/grammar/reference.ts';

const jobs = ['upgrade-deps', 'api', 'nightly-audit', 'nightly', 'release-notes'].map((name) => ({ name }));

describe('findByReference', () => {
  test.each([
    ['api', 'api', true],
    ['API', 'api', true],
    [' upgrade-deps ', 'upgrade-deps', true],
    ['upgr', 'upgrade-deps', false],
    ['r', 'release-notes', false],
    ['nightly', 'nightly', false],
    ['nightly-', 'nightly-audit', false],
  ])('%j means %s (exact: %j)', (reference, name, exact) => {
    expect(findByReference(reference, jobs, { exact })).toEqual({ name });
  });

  test.each([
    ['appi', false, 'There is no job `appi`. Did you mean `api`?'],
    ['night', false, '`night` could be `nightly` or `nightly-audit`.'],
    ['night', true, '`night` could be `nightly` or `nightly-audit`.'],
    ['upgr', true, '`upgr` is only the beginning of `upgrade-deps`.'],
    ['142', false, 'There is no job `142`. The number of a run has an `r` in front. Example: `r142`.'],
    ['frobnicate', false, 'There are `api`, `nightly`, `nightly-audit`, `release-notes` and `upgrade-deps`.'],
    ['', false, 'There is no job `""`.'],
  ])('%j (exact: %j) is refused: %s', (reference, exact, says) => {
    expect(() => findByReference(reference, jobs, { exact })).toThrow(says);
  });

  test('of many jobs a few are named', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `job-${index}` }));
    expect(() => findByReference('job', many, { exact: false })).toThrow('`job-4` or 4 more.');
    expect(() => findByReference('something', many, { exact: false })).toThrow('`job-4` and 4 more.');
  });

  test('where there are no jobs it says how to make one', () => {
    expect(() => findByReference('api', [], { exact: false })).toThrow('there are none yet. `schedule` makes one.');
  });
});

test.each([
  ['r142', 142],
  ['R142', 142],
  ['#142', 142],
  [' r1 ', 1],
  ['142', undefined],
  ['r', undefined],
  ['r142-1', undefined],
  ['release', undefined],
])('%j is the run %s', (reference, run) => {
  expect(readRunNumber(reference)).toBe(run);
});
