import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { serviceManager, type ServiceManager } from '../../../src/cli/doctor/service-env.ts';
import { findProgram } from '../../../src/find-program.ts';
import { makeDoctorPlace, plantClaude, type DoctorPlace } from './doctor-place.ts';

let place: DoctorPlace;
let bin: string;
let service: ServiceManager;
let env: Record<string, string>;

/** The poor PATH of a service manager: one folder with what every system has. */
beforeEach(() => {
  place = makeDoctorPlace();
  bin = join(place.folder, 'service-bin');
  mkdirSync(bin);
  for (const name of ['git', 'bash', 'sh']) symlinkSync(findProgram(name, process.env['PATH']) ?? '', join(bin, name));
  service = { name: 'systemd', env: { PATH: bin, HOME: place.folder, USER: 'ada' } };
  env = { PATH: `${join(place.folder, 'bin')}:/usr/bin:/bin`, HOME: place.folder };
});

const of = (check: string) => place.of(check, { service, env });

test('systemd and launchd set little: a short PATH and who the user is', () => {
  const user = { name: 'ada', home: '/home/ada', shell: '/bin/zsh' };
  const login = { HOME: '/home/ada', USER: 'ada', LOGNAME: 'ada', SHELL: '/bin/zsh' };
  expect(serviceManager('linux', user)).toEqual({
    name: 'systemd',
    env: { ...login, PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin' },
  });
  expect(serviceManager('darwin', user)).toEqual({
    name: 'launchd',
    env: { ...login, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
  });
});

test('a Node that the service would not find, or an old one, has the command told that starts it all the same', async () => {
  const toDo = expect.stringMatching(
    new RegExp(`^start it by absolute paths: /\\S+ /\\S+/main.ts start --config ${place.config}$`),
  );
  expect(await of('Node')).toEqual([
    { check: 'Node', state: 'fault', said: expect.stringContaining('no node in'), toDo },
  ]);
  writeFileSync(join(bin, 'node'), '#!/bin/sh\necho v20.1.0\n', { mode: 0o755 });
  expect(await of('Node')).toEqual([
    { check: 'Node', state: 'fault', said: expect.stringContaining('Node 20.1.0'), toDo },
  ]);
  writeFileSync(join(bin, 'node'), '#!/bin/sh\necho v24.1.0\n', { mode: 0o755 });
  expect(await of('Node')).toMatchObject([{ state: 'ok' }]);
});

test('a claude that only the terminal finds has its absolute path told', async () => {
  expect(await of('Claude Code')).toMatchObject([
    {
      state: 'fault',
      said: `there is no claude in the PATH that systemd gives to runs, ${bin}`,
      toDo: `write into ${place.config}:\nclaude:\n  command: ${join(place.folder, 'bin/claude')}`,
    },
  ]);
  place.write({ claude: { command: join(place.folder, 'bin/claude') } });
  expect(await of('Claude Code')).toMatchObject([{ state: 'ok' }]);
});

test('a service without a login is shown the way by `claude setup-token`', async () => {
  const command = plantClaude(join(place.folder, 'bin'), { loggedIn: false, authMethod: 'none' });
  place.write({ claude: { command } });
  expect(await of('login of Claude Code')).toMatchObject([
    { state: 'fault', toDo: expect.stringMatching(/claude setup-token[^]*env: \[CLAUDE_CODE_OAUTH_TOKEN\]/) },
  ]);
});

test('a variable of the terminal is lent for the other checks, with a word on where the service gets it', async () => {
  place.write({ claude: { env: ['CLAUDE_CODE_OAUTH_TOKEN', 'NIGHT_CACHE'] } });
  expect(await of('configuration')).toMatchObject([{ state: 'fault', said: expect.stringMatching(/2 faults/) }]);
  Object.assign(env, { CLAUDE_CODE_OAUTH_TOKEN: 'x', NIGHT_CACHE: '/cache' });
  expect(await of('configuration')).toMatchObject([
    { state: 'ok' },
    {
      state: 'warning',
      said: expect.stringContaining('CLAUDE_CODE_OAUTH_TOKEN'),
      toDo: expect.stringContaining('EnvironmentFile='),
    },
    { state: 'warning', said: expect.stringContaining('NIGHT_CACHE') },
  ]);
});

test('programs of set-up and checks are looked for in the PATH of the service', async () => {
  writeFileSync(join(place.folder, 'bin/my-npm'), '#!/bin/sh\n', { mode: 0o755 });
  place.write({ projects: { api: { path: 'project', setup: 'my-npm ci' } } });
  expect(await of('project api')).toMatchObject([
    { state: 'ok' },
    { state: 'fault', toDo: `write:\nclaude:\n  env:\n    PATH: ${join(place.folder, 'bin')}:\${PATH}` },
  ]);
});
