import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { renderLaunchdPlist } from '../../../src/cli/service/render-launchd-plist.ts';
import { renderSystemdUnit } from '../../../src/cli/service/render-systemd-unit.ts';
import type { ServiceFacts } from '../../../src/cli/service/service-facts.ts';
import { runNightdesk } from '../../support/nightdesk-command.ts';

const facts: ServiceFacts = {
  node: '/opt/node 24/bin/node',
  program: '/usr/local/bin/nightdesk',
  configPath: '/srv/50% "off" $HOME \\ desk/nightdesk.yaml',
  user: 'ada',
  home: '/home/ada',
  path: '/opt/node 24/bin:/usr/bin',
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nightdesk-service-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const analyze = '/usr/bin/systemd-analyze';
const hasSystemd = spawnSync(analyze, ['--version']).status === 0;

describe('systemd', () => {
  test('a stop leaves runs at work, and whatever ends nightdesk it is started again', () => {
    const lines = renderSystemdUnit(facts).split('\n');
    for (const line of ['KillMode=process', 'Restart=always', 'StartLimitIntervalSec=0', 'OOMPolicy=continue']) {
      expect(lines).toContain(line);
    }
  });

  test('paths with spaces, quotes, percent and dollar signs arrive as they are', () => {
    const unit = renderSystemdUnit(facts);
    const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
    // As systemd reads it: quotes and backslashes first, then `%%`.
    const read = (text: string): string[] =>
      [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
        (quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '').replaceAll('%%', '%'),
      );
    expect(value('ExecStart').startsWith(':')).toBe(true);
    expect(read(value('ExecStart').slice(1))).toEqual([
      facts.node,
      facts.program,
      'start',
      '--config',
      facts.configPath,
    ]);
    expect(read(value('Environment'))).toEqual([`PATH=${facts.path}`]);
    expect(value('WorkingDirectory').replaceAll('%%', '%')).toBe('/srv/50% "off" $HOME \\ desk');
  });

  test.skipIf(!hasSystemd)('systemd itself has nothing to say against the unit, whatever the paths', () => {
    const home = folder();
    const place = join(home, '50% "off" $HOME desk');
    mkdirSync(place);
    // systemd itself takes no quotes in the path of a program.
    mkdirSync(join(home, '50% of $HOME'));
    const node = join(home, '50% of $HOME', 'node');
    writeFileSync(node, '#!/bin/sh\n');
    chmodSync(node, 0o755);
    const unit = join(home, 'nightdesk.service');
    writeFileSync(unit, renderSystemdUnit({ ...facts, node, configPath: join(place, 'nightdesk.yaml'), user: 'root' }));
    const { status, stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', unit], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('nightdesk.service'))).toEqual([]);
    expect(status).toBe(0);
  });
});

describe('launchd', () => {
  const plist = renderLaunchdPlist({ ...facts, configPath: '/Users/ada/a & b <c>/nightdesk.yaml' });
  const strings = [...plist.matchAll(/<string>(.*)<\/string>/g)].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );

  test('paths with signs that XML has another use for arrive as they are', () => {
    expect(strings).toContain('/Users/ada/a & b <c>/nightdesk.yaml');
    expect(strings).toContain('/Users/ada/a & b <c>');
    expect(plist).not.toContain('a & b');
  });

  test('the process that launchd signals is nightdesk itself, kept awake, with its tokens', () => {
    const bin = folder();
    writeFileSync(join(bin, 'nightdesk.env'), 'SOME_TOKEN="two words"\n');
    writeFileSync(join(bin, 'caffeinate'), `#!/bin/sh\necho "caffeinate $*" >> "${bin}/said"\n`);
    writeFileSync(join(bin, 'node'), `#!/bin/sh\nwhile [ ! -s "${bin}/said" ]; do :; done\necho "$$|$SOME_TOKEN|$*"\n`);
    for (const name of ['caffeinate', 'node']) chmodSync(join(bin, name), 0o755);
    const text = renderLaunchdPlist({ ...facts, node: join(bin, 'node'), configPath: join(bin, 'nightdesk.yaml') });
    const [, array = ''] = /<array>([^]*?)<\/array>/.exec(text) ?? [];
    const [program = '', ...words] = [...array.matchAll(/<string>(.*)<\/string>/g)].map(([, word = '']) =>
      word.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    );
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const said = execFileSync(program, words, { env, encoding: 'utf8' }).trim();
    const [pid, token, args] = said.split('|');
    expect(token).toBe('two words');
    expect(args).toBe(`/usr/local/bin/nightdesk start --config ${join(bin, 'nightdesk.yaml')}`);
    expect(execFileSync('cat', [join(bin, 'said')], { encoding: 'utf8' })).toBe(`caffeinate -i -s -w ${pid}\n`);
  });
});

describe('nightdesk service', () => {
  test('prints the unit of this host, with the configuration that is there', async () => {
    const place = folder();
    writeFileSync(join(place, 'nightdesk.yaml'), 'projects: {}\n');
    const { stdout, code } = await runNightdesk(['service', 'systemd'], {
      cwd: place,
      env: { PATH: '/usr/bin:/bin', HOME: place },
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`--config" "${join(place, 'nightdesk.yaml')}"`);
    expect(stdout).toContain(`ExecStart=:"${process.execPath}"`);
  });

  test('says what to do where there is no configuration, and which managers there are', async () => {
    const place = folder();
    const missing = await runNightdesk(['service', 'launchd'], {
      cwd: place,
      env: { PATH: '/usr/bin:/bin', HOME: place },
    });
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('nightdesk init');
    const unknown = await runNightdesk(['service', 'upstart'], {
      cwd: place,
      env: { PATH: '/usr/bin:/bin', HOME: place },
    });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('systemd, launchd');
  });
});
