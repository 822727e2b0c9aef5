import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { canMount, smallDisk } from '../../support/small-disk.ts';
import { git, giveOrigin, makeRepository, writeFiles } from '../../support/temp-repository.ts';
import { makeDoctorPlace, plantClaude, type DoctorPlace } from './doctor-place.ts';

let place: DoctorPlace;
beforeEach(() => {
  place = makeDoctorPlace();
});

test('where all is well, every check says so', async () => {
  const findings = await place.examine();
  expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual([
    'Node',
    'configuration',
    'git',
    'bash',
    'Claude Code',
    'login of Claude Code',
    'rights of runs',
    'project api',
    'data directory',
    'disk',
    'bot',
  ]);
});

describe('the configuration', () => {
  test('that is not there is one fault, and init writes one', async () => {
    rmSync(place.config);
    expect(await place.of('configuration')).toEqual([
      {
        check: 'configuration',
        state: 'fault',
        said: expect.stringContaining('no such file'),
        toDo: 'nightdesk init writes one',
      },
    ]);
  });

  test('that has faults has all of them told, and nothing is checked that depends on it', async () => {
    place.write({ host: { concurrency: 0 }, wbe: {} });
    const findings = await place.examine();
    expect(findings.map(({ check }) => check)).toEqual(['Node', 'configuration']);
    expect(findings[1]?.said).toMatch(/2 faults[^]*concurrency[^]*wbe/);
  });

  test('that is suspicious is a warning', async () => {
    place.write({ access: {} });
    expect(await place.of('configuration')).toMatchObject([
      { state: 'ok' },
      { state: 'warning', said: 'access names nobody, so nobody may do anything' },
    ]);
  });
});

describe('programs are looked for in the PATH of runs, not in that of the terminal', () => {
  test.each(['git', 'bash'])('%s', async (program) => {
    place.write({ claude: { env: { PATH: place.data } } });
    expect(await place.of(program)).toMatchObject([{ state: 'fault', said: expect.stringContaining(place.data) }]);
  });

  test('a git that is too old is named with what is needed', async () => {
    const bin = join(place.folder, 'old');
    writeFiles(bin, { git: '#!/bin/sh\necho git version 2.25.1\n' });
    chmodSync(join(bin, 'git'), 0o755);
    place.write({ claude: { env: { PATH: `${bin}:\${PATH}` } } });
    expect(await place.of('git')).toMatchObject([{ state: 'fault', said: expect.stringMatching(/2\.25\.1.*2\.31/) }]);
  });

  test('a claude elsewhere is given as the line to write, and its login is looked at all the same', async () => {
    place.write({ claude: { env: { PATH: '/usr/bin:/bin' } } });
    rmSync(join(place.folder, 'bin/claude'));
    const elsewhere = plantClaude(join(place.folder, '.local/bin'), { loggedIn: false, authMethod: 'none' });
    const findings = await place.examine({ env: { PATH: '/usr/bin:/bin', HOME: place.folder } });
    expect(findings.filter(({ check }) => check.includes('Claude'))).toMatchObject([
      { state: 'fault', toDo: `write into ${place.config}:\nclaude:\n  command: ${elsewhere}` },
      { check: 'login of Claude Code', state: 'fault' },
    ]);
  });

  test('a claude older than any that was tried is a warning; one that says nothing is a fault', async () => {
    plantClaude(join(place.folder, 'bin'), {}, '1.0.3 (Claude Code)');
    expect(await place.of('Claude Code')).toMatchObject([{ state: 'warning', said: expect.stringContaining('1.0.3') }]);
    plantClaude(join(place.folder, 'bin'), {}, '');
    expect(await place.of('Claude Code')).toMatchObject([{ state: 'fault' }]);
  });
});

describe('the rights of runs', () => {
  const bypass = { permissionMode: 'bypassPermissions' };

  test.each([
    ['as root', { isRoot: true }, {}, 'warning'],
    ['as somebody else', { isRoot: false }, bypass, 'ok'],
    ['bypassed as root', { isRoot: true }, bypass, 'fault'],
    ['bypassed as root in a sandbox', { isRoot: true }, { ...bypass, env: { IS_SANDBOX: '1' } }, 'ok'],
  ])('%s', async (_, context, claude, state) => {
    place.write({ claude });
    expect(await place.of('rights of runs', context)).toMatchObject([{ state }]);
  });
});

describe('a project', () => {
  const api = async (project: object = {}) => {
    place.write({ projects: { api: { path: 'project', ...project } } });
    return (await place.of('project api')).map(({ state, said, toDo }) => [state, said, toDo]);
  };

  test('whose folder is gone', async () => {
    rmSync(place.project, { recursive: true });
    expect(await api()).toEqual([['fault', `there is no folder ${place.project}`, expect.stringContaining('make it')]]);
  });

  test('without a commit', async () => {
    rmSync(place.project, { recursive: true });
    mkdirSync(place.project);
    git(place.project, 'init', '--quiet');
    expect(await api()).toEqual([['fault', `${place.project} has no commit to start from`, expect.any(String)]]);
  });

  test('that git refuses to read has its reason told', async () => {
    writeFileSync(join(place.project, '.git/config'), '[broken');
    expect(await api()).toEqual([['fault', expect.stringMatching(/git can't read .*bad config/), expect.any(String)]]);
  });

  test('whose base is there or not', async () => {
    expect(await api({ base: 'main' })).toEqual([['ok', `${place.project}, from main`, undefined]]);
    expect(await api({ base: 'release' })).toEqual([
      ['fault', `${place.project} has no branch release`, 'correct projects.api.base'],
    ]);
  });

  test('with a remote starts from its default branch, or from the base there', async () => {
    const origin = giveOrigin(place.project, join(place.folder, 'origin.git'));
    git(origin, 'branch', 'release', 'main');
    expect(await api()).toEqual([['ok', `${place.project}, from origin/main`, undefined]]);
    expect(await api({ base: 'origin/release' })).toEqual([['ok', `${place.project}, from origin/release`, undefined]]);
    expect(await api({ base: 'gone' })).toMatchObject([
      ['fault', `${place.project} has no branch gone`, expect.anything()],
    ]);
  });

  test('whose remote does not answer starts from what is there', async () => {
    git(place.project, 'remote', 'add', 'origin', join(place.folder, 'nowhere.git'));
    expect(await api()).toEqual([
      ['ok', `${place.project}, from main`, undefined],
      [
        'warning',
        expect.stringContaining('the remote origin does not answer'),
        expect.stringContaining('ls-remote origin'),
      ],
    ]);
  });

  test('whose remote is reached by an ssh of its own is asked by that, as runs do', async () => {
    const origin = giveOrigin(place.project, join(place.folder, 'origin.git'));
    const ssh = join(place.folder, 'own-ssh');
    writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
    chmodSync(ssh, 0o755);
    git(place.project, 'remote', 'set-url', 'origin', `ssh://nowhere.invalid${origin}`);
    git(place.project, 'config', 'core.sshCommand', ssh);
    expect(await api()).toEqual([['ok', `${place.project}, from origin/main`, undefined]]);
  });

  test('that is worked in is warned of where changes would mix', async () => {
    expect(await api({ workspace: 'in-place' })).toEqual([['ok', expect.stringContaining('in place'), undefined]]);
    writeFileSync(join(place.project, 'a'), 'changed');
    expect(await api({ workspace: 'in-place' })).toEqual([
      ['warning', expect.stringContaining('uncommitted changes'), expect.any(String)],
    ]);
  });

  test('wants programs for its set-up and checks that the PATH of runs has', async () => {
    expect(
      await api({ setup: 'CI=1 git --version', checks: ['$ test -e a', '$ (cd x; y)', 'it is good'] }),
    ).toHaveLength(1);
    expect(await api({ setup: 'no-such-program --now', checks: ['$ ./check.sh'], copy: ['.env'] })).toEqual([
      expect.anything(),
      [
        'fault',
        expect.stringContaining('its set-up wants no-such-program'),
        expect.stringContaining('install no-such-program'),
      ],
      ['warning', expect.stringContaining('a check wants ./check.sh'), expect.any(String)],
      ['warning', 'files that are to be copied are not there: .env', expect.any(String)],
    ]);
  });

  test('has a PATH proposed where the terminal knows the program', async () => {
    const tools = join(place.folder, 'tools');
    writeFiles(tools, { 'my-tool': '#!/bin/sh\n' });
    chmodSync(join(tools, 'my-tool'), 0o755);
    place.write({
      projects: { api: { path: 'project', setup: 'my-tool' } },
      claude: { env: { PATH: '/usr/bin:/bin' } },
    });
    const env = { PATH: `${tools}:/usr/bin:/bin`, HOME: place.folder };
    expect((await place.of('project api', { env }))[1]?.toDo).toBe(
      `write:\nclaude:\n  env:\n    PATH: ${tools}:\${PATH}`,
    );
  });

  test('is checked beside others: one that is broken hides none', async () => {
    makeRepository(join(place.folder, 'docs'), {});
    place.write({ projects: { api: { path: 'gone' }, docs: { path: 'docs' } } });
    const findings = await place.examine();
    expect(findings.flatMap(({ check, state }) => (check.startsWith('project') ? [`${check} ${state}`] : []))).toEqual([
      'project api fault',
      'project docs ok',
    ]);
  });
});

describe('the data directory', () => {
  test('that others can read is a fault, as are files with tokens; both with the command that mends it', async () => {
    chmodSync(place.data, 0o755);
    writeFileSync(join(place.data, 'web-tokens.json'), '{}', { mode: 0o644 });
    const findings = await place.of('data directory');
    expect(findings.map(({ state, toDo }) => [state, toDo])).toEqual([
      ['fault', `chmod 700 ${place.data}`],
      ['fault', `chmod 600 ${join(place.data, 'web-tokens.json')}`],
    ]);
  });

  test('that is not there yet is made at the first start', async () => {
    rmSync(place.data, { recursive: true });
    expect(await place.of('data directory')).toMatchObject([
      { state: 'ok', said: `${place.data}, made at the first start` },
    ]);
  });

  test.skipIf(!canMount)('on a disk that is read-only is a fault of the disk, and no question of rights', async () => {
    const disk = smallDisk(4);
    place.write({ dataDirectory: disk.folder, disk: { minFree: '1 MB' } });
    disk.setReadOnly();
    expect(await place.of('data directory')).toEqual([]);
    expect(await place.of('disk')).toMatchObject([
      {
        state: 'fault',
        said: expect.stringMatching(/^it can't be written: EROFS: read-only file system/),
        toDo: 'the system log (`dmesg`) says why; stop nightdesk, check and mount the disk again, and start it',
      },
    ]);
  });
});

describe('the disk', () => {
  test.each([
    [{ minFree: '900000 GB' }, 'fault', 'disk.minFree asks for'],
    [{ minFree: '1 MB' }, 'ok', 'free at'],
  ])('with %j is told as %s', async (disk, state, said) => {
    place.write({ disk });
    expect(await place.of('disk')).toMatchObject([{ state, said: expect.stringContaining(said) }]);
  });
});
