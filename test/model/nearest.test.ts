import { expect, test } from 'vitest';

import { nearest } from '../../src/model/nearest.ts';

test.each([
  ['appi', ['web', 'api'], 'api'],
  ['weekdyas', ['weekends', 'weekdays'], 'weekdays'],
  ['wehn', ['zone', 'when'], 'when'],
  ['API', ['web', 'api'], 'api'],
  ['accpet', ['accept', 'except'], 'accept'],
  ['upgr', ['nightly', 'upgrade-deps'], 'upgrade-deps'],
  [' api ', ['API'], 'API'],
  ['bat', ['cat', 'hat'], 'cat'],
])('%j is nearest, of %j, to %j', (word, candidates, near) => {
  expect(nearest(word, new Set(candidates))).toBe(near);
});

test.each([
  ['coverage', ['accept', 'project', 'when']],
  ['upg', ['upgrade-deps', 'upgrade-node']],
  ['up', ['upgrade-deps']],
  ['ab', ['ac']],
  ['', ['a', 'b']],
  ['a', []],
])('nothing is near to %j of %j', (word, candidates) => {
  expect(nearest(word, candidates)).toBeUndefined();
});
