import { expect, test } from 'vitest';

import { branchWebUrl } from '../../src/model/branch-web-url.ts';

const branch = 'nightdesk/tidy/r7';

test.each([
  ['https://github.com/ada/engine.git', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['https://github.com/ada/engine', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['https://github.com/ada/engine/', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['git@github.com:ada/engine.git', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['github.com:ada/engine.git', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['ssh://git@github.com/ada/engine.git', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['ssh://git@ssh.github.com:443/ada/engine.git', 'https://github.com/ada/engine/tree/nightdesk/tidy/r7'],
  ['https://GitHub.com/Ada/Engine.git', 'https://github.com/Ada/Engine/tree/nightdesk/tidy/r7'],
  ['https://github.example.org/ada/engine.git', 'https://github.example.org/ada/engine/tree/nightdesk/tidy/r7'],
  ['git@gitlab.com:group/sub/engine.git', 'https://gitlab.com/group/sub/engine/-/tree/nightdesk/tidy/r7'],
  ['https://gitlab.example.org:8443/g/e.git', 'https://gitlab.example.org:8443/g/e/-/tree/nightdesk/tidy/r7'],
  ['ssh://git@gitlab.example.org:2222/g/e.git', 'https://gitlab.example.org/g/e/-/tree/nightdesk/tidy/r7'],
  ['git@bitbucket.org:ada/engine.git', 'https://bitbucket.org/ada/engine/branch/nightdesk/tidy/r7'],
  ['https://codeberg.org/ada/engine.git', 'https://codeberg.org/ada/engine/src/branch/nightdesk/tidy/r7'],
  ['http://gitea.local:3000/ada/engine.git', 'http://gitea.local:3000/ada/engine/src/branch/nightdesk/tidy/r7'],
  ['gitea@git.forgejo.example.org:ada/e.git', 'https://git.forgejo.example.org/ada/e/src/branch/nightdesk/tidy/r7'],
])('%s has its branch at %s', (remote, url) => {
  expect(branchWebUrl(remote, branch)).toBe(url);
});

test('credentials in an address are left out', () => {
  const url = branchWebUrl('https://ada:hunter2-hunter2@github.com/ada/engine.git', branch);
  expect(url).toBe('https://github.com/ada/engine/tree/nightdesk/tidy/r7');
  expect(branchWebUrl('https://x-access-token:abc@gitlab.com/a/b', branch)).not.toMatch(/abc|@/);
});

test.each(['a#b', 'a?b', 'ä'])('a branch with %s is written so that a browser finds it', (name) => {
  const url = new URL(branchWebUrl('git@github.com:ada/engine.git', `nightdesk/${name}/r7`) ?? '');
  expect([url.hash, url.search]).toEqual(['', '']);
  expect(decodeURIComponent(url.pathname)).toBe(`/ada/engine/tree/nightdesk/${name}/r7`);
});

test.each([
  '/srv/git/engine.git',
  '../engine.git',
  'file:///srv/git/engine.git',
  'git@git.example.org:ada/engine.git',
  'https://bitbucket.example.org/scm/ada/engine.git',
  'git@github-work:ada/engine.git',
  'C:/work/engine',
  'https://github.com/',
  'not a url',
  '',
])('nothing is made up for "%s"', (remote) => {
  expect(branchWebUrl(remote, branch)).toBeUndefined();
});
