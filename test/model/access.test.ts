import { expect, test } from 'vitest';

import { isAtLeast, roleIn, type Access } from '../../src/model/access.ts';

const access: Access = {
  admins: ['web:root'],
  projects: {
    '*': { viewers: ['slack:*'], members: [], maintainers: [] },
    api: { viewers: [], members: ['web:ada', 'slack:U1'], maintainers: ['web:grace'] },
  },
};

test.each([
  ['api', 'web:root', 'admin'],
  ['api', 'web:ada', 'member'],
  ['api', 'web:grace', 'maintainer'],
  ['api', 'slack:U1', 'member'],
  ['api', 'slack:U2', 'viewer'],
  ['docs', 'slack:U2', 'viewer'],
  ['docs', 'web:ada', undefined],
  ['api', 'web:adam', undefined],
  ['api', 'web:*', undefined],
  ['constructor', 'web:ada', undefined],
])('in %s, %s is %s', (project, person, role) => {
  expect(roleIn(access, project, { person })).toBe(role);
});

test('roles build on each other', () => {
  expect(isAtLeast('maintainer', 'member')).toBe(true);
  expect(isAtLeast('viewer', 'member')).toBe(false);
  expect(isAtLeast(undefined, 'viewer')).toBe(false);
});
