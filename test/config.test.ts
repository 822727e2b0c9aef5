import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { findConfigPath, loadConfig, parseConfig } from '../src/config.ts';
import { ConfigError } from '../src/config/fault.ts';
import { UserError } from '../src/model/user-error.ts';
import { testContext } from './config/config-context.ts';
import { malformedConfigs } from './config/malformed-configs.ts';
import { usualPolicies } from './support/usual-policies.ts';
import { usualRetention } from './support/usual-retention.ts';

const dayMs = 86_400_000;

const smallest = 'projects: { api: { path: ~/src/api } }';

function messageFor(yaml: string): string {
  try {
    parseConfig(yaml, testContext);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('a configuration that can be used', () => {
  test('the smallest one names a project and has a default for everything else', () => {
    expect(parseConfig(smallest, testContext)).toEqual({
      path: '/srv/desk/nightdesk.yaml',
      host: { name: 'box', concurrency: 2, zone: 'Europe/Berlin', nightlyAt: '02:00' },
      dataDirectory: '/srv/desk/.nightdesk',
      commandName: '/claude',
      claude: {
        command: ['claude'],
        env: { PATH: '/usr/bin', HOME: '/home/ada', LANG: 'C.UTF-8' },
        permissionMode: 'acceptEdits',
        allowedTools: ['Bash'],
        judgeTimeoutMs: 600_000,
      },
      projects: new Map([
        [
          'api',
          {
            name: 'api',
            path: '/home/ada/src/api',
            workspace: 'worktree',
            copy: [],
            allowedTools: [],
            checks: [],
            push: 'never',
          },
        ],
      ]),
      channels: new Map([['web:general', {}]]),
      defaults: { timeoutMs: 7_200_000, retries: 2, notify: 'failure', ...usualPolicies },
      access: { admins: ['web:*'], projects: {} },
      digest: { time: '08:00', channels: [] },
      disk: { minFree: { bytes: 1024 ** 3 } },
      retention: usualRetention,
      web: { host: '127.0.0.1', port: 7433, people: ['ada'] },
      warnings: [],
    });
  });

  test('as many projects may share what they have in common as there are', () => {
    const projects = Array.from({ length: 120 }, (_, at) => `  p${at}: { path: ~/p${at}, checks: *usual }`);
    const yaml = `projects:\n  first: { path: ~/first, checks: &usual ["$ npm test"] }\n${projects.join('\n')}`;
    expect(parseConfig(yaml, testContext).projects.get('p119')?.checks).toEqual([
      { kind: 'command', command: 'npm test' },
    ]);
  });

  test('a full one is read to the last key', () => {
    const yaml = `
host: { name: build-box, concurrency: 4, zone: america/new_york, nightlyAt: 03:30 }
dataDirectory: ~/desk
commandName: /night
claude:
  command: [~/bin/claude, --debug]
  env: [CACHE]
  permissionMode: dontAsk
  allowedTools: [Bash, "Edit(src/**)"]
  model: opus
  judgeTimeout: 90s
projects:
  api:
    path: ../api
    workspace: in-place
    base: release/2.x
    setup: npm ci
    copy: [.env, ./config/local.json]
    allowedTools: [WebFetch]
    checks: ["$ npm test", "no breaking changes to the public interface"]
  site: { path: ../site, push: success }
channels:
  web:general: { project: api, zone: Asia/Kolkata }
  slack:C012AB3CD:
defaults: { timeout: 1h30m, retries: 0, budget: $2.50, notify: always, model: haiku, overlap: allow, catchUp: all, catchUpWithin: 2 days }
access:
  admins: [web:ada]
  "*": { viewers: ["web:*"] }
  api: { members: [web:grace], maintainers: ["slack:U012AB3CD"] }
alerts: slack:C0OPS
digest: { time: 07:15, zone: Asia/Kolkata, channels: [web:general, slack:C0OPS] }
disk: { minFree: 5% }
retention: { logs: 11 days, worktrees: 12h, branches: 13 days, size: 14 GB, runs: 15 days, rows: 16 days, audit: never }
web: { host: "::1", port: 0, url: https://desk.example.org/, people: [ada, grace] }
slack: { apiUrl: "https://slack-gov.com/api" }
`;
    expect(parseConfig(yaml, testContext)).toEqual({
      path: '/srv/desk/nightdesk.yaml',
      host: { name: 'build-box', concurrency: 4, zone: 'America/New_York', nightlyAt: '03:30' },
      dataDirectory: '/home/ada/desk',
      commandName: '/night',
      claude: {
        command: ['/home/ada/bin/claude', '--debug'],
        env: { PATH: '/usr/bin', HOME: '/home/ada', LANG: 'C.UTF-8', CACHE: '/cache' },
        permissionMode: 'dontAsk',
        allowedTools: ['Bash', 'Edit(src/**)'],
        model: 'opus',
        judgeTimeoutMs: 90_000,
      },
      projects: new Map([
        [
          'api',
          {
            name: 'api',
            path: '/srv/api',
            workspace: 'in-place',
            base: 'release/2.x',
            setup: 'npm ci',
            copy: ['.env', 'config/local.json'],
            allowedTools: ['WebFetch'],
            checks: [
              { kind: 'command', command: 'npm test' },
              { kind: 'sentence', sentence: 'no breaking changes to the public interface' },
            ],
            push: 'never',
          },
        ],
        [
          'site',
          {
            name: 'site',
            path: '/srv/site',
            workspace: 'worktree',
            copy: [],
            allowedTools: [],
            checks: [],
            push: 'success',
          },
        ],
      ]),
      channels: new Map([
        ['slack:C0OPS', {}],
        ['web:general', { project: 'api', zone: 'Asia/Kolkata' }],
        ['slack:C012AB3CD', {}],
      ]),
      defaults: {
        timeoutMs: 5_400_000,
        retries: 0,
        budgetUsd: 2.5,
        notify: 'always',
        overlap: 'allow',
        catchUp: 'all',
        catchUpWithinMs: 172_800_000,
        model: 'haiku',
      },
      access: {
        admins: ['web:ada'],
        projects: {
          '*': { viewers: ['web:*'], members: [], maintainers: [] },
          api: { viewers: [], members: ['web:grace'], maintainers: ['slack:U012AB3CD'] },
        },
      },
      alerts: 'slack:C0OPS',
      digest: { time: '07:15', zone: 'Asia/Kolkata', channels: ['web:general', 'slack:C0OPS'] },
      disk: { minFree: { share: 0.05 } },
      retention: {
        logsMs: 11 * dayMs,
        worktreesMs: dayMs / 2,
        branchesMs: 13 * dayMs,
        size: { bytes: 14 * 1024 ** 3 },
        runsMs: 15 * dayMs,
        rowsMs: 16 * dayMs,
        auditMs: null,
      },
      web: { host: '::1', port: 0, url: 'https://desk.example.org', people: ['ada', 'grace'] },
      slack: {
        mode: 'socket',
        apiUrl: 'https://slack-gov.com/api/',
        botToken: 'the-bots-own',
        appToken: 'the-apps-own',
      },
      warnings: [],
    });
  });

  test('a section whose keys are all commented out has its defaults', () => {
    expect(parseConfig(`${smallest}\nhost:\n  # concurrency: 4\naccess:\n`, testContext)).toMatchObject({
      host: { concurrency: 2 },
      access: { admins: [], projects: {} },
    });
  });

  test('the page has web:general beside the channels of other platforms, and none that is not named beside its own', () => {
    const keysOf = (channels: string) => [
      ...parseConfig(`${smallest}\nchannels: ${channels}`, testContext).channels.keys(),
    ];
    expect(keysOf('{ "slack:C1": {} }')).toEqual(['web:general', 'slack:C1']);
    expect(keysOf('{ "web:team": {} }')).toEqual(['web:team']);
  });

  test('a channel for alerts or a digest is one of the page, and takes none away', () => {
    const { channels } = parseConfig(`${smallest}\nalerts: web:ops\ndigest: { channels: [web:team] }`, testContext);
    expect([...channels.keys()]).toEqual(['web:general', 'web:ops', 'web:team']);
  });

  test.each([
    ['ada', 'ada'],
    ['CORP\\ada b', 'CORP-ada-b'],
    ['', 'operator'],
  ])('the user %j of the system is %j on the page', (userName, name) => {
    expect(parseConfig(smallest, { ...testContext, userName }).web.people).toEqual([name]);
  });
});

describe('the environment of what a run starts', () => {
  const envFor = (claudeEnv: string, env = testContext.env) =>
    parseConfig(`${smallest}\nclaude: { env: ${claudeEnv} }`, { ...testContext, env }).claude.env;

  test('has the basics alone where nothing is listed', () => {
    expect(envFor('[]')).toEqual({ PATH: '/usr/bin', HOME: '/home/ada', LANG: 'C.UTF-8' });
  });

  test('has a PATH even where nightdesk has none', () => {
    expect(envFor('[]', {})).toEqual({ PATH: '/usr/local/bin:/usr/bin:/bin' });
  });

  test.each([
    ['[CACHE]', { CACHE: '/cache' }],
    ['{ CACHE: }', { CACHE: '/cache' }],
    ['{ CI: true, JOBS: 2, NONE: "" }', { CI: 'true', JOBS: '2', NONE: '' }],
    ['[CACHE, { CI: 1 }]', { CACHE: '/cache', CI: '1' }],
    ['{ PATH: "/opt/bin:${PATH}" }', { PATH: '/opt/bin:/usr/bin' }],
    ['{ API_TOKEN: "${CACHE}" }', { API_TOKEN: '/cache' }],
    ['{ TEMPLATE: "$${CACHE} costs $5" }', { TEMPLATE: '${CACHE} costs $5' }],
    ['{ DEPTH: "${CACHE}${CACHE}" }', { DEPTH: '/cache/cache' }],
  ])('%s adds what it says', (claudeEnv, added) => {
    expect(envFor(claudeEnv)).toEqual({ PATH: '/usr/bin', HOME: '/home/ada', LANG: 'C.UTF-8', ...added });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(messageFor(`${smallest}\nclaude: { env: [EMPTY] }`)).toContain('EMPTY is not set in the environment');
  });
});

describe('what is suspicious but no fault is a warning', () => {
  test.each([
    [
      'projects: { api: { path: gone } }',
      'project api: there is no folder /srv/desk/gone; its runs fail until there is one',
    ],
    [
      'projects: { api: { path: part } }',
      'project api: /srv/desk/part is not the top of its git repository, so runs work in place; say `workspace: in-place` if that is meant',
    ],
    [`${smallest}\naccess: {}`, 'access names nobody, so nobody may do anything'],
    [
      `${smallest}\nweb: { host: 0.0.0.0 }`,
      'web.host 0.0.0.0 is reached from outside of this machine: put TLS in front of it',
    ],
  ])('%s', (yaml, warning) => {
    expect(parseConfig(yaml, testContext).warnings).toEqual([warning]);
  });
});

describe('the kind of workspace where none is given', () => {
  test.each([
    ['a repository', '/src/api', 'worktree'],
    ['no repository', 'plain', 'in-place'],
    ['a folder inside a repository', 'part', 'in-place'],
    ['a folder that is not there yet', 'gone', 'worktree'],
  ])('%s', (_, path, workspace) => {
    const { projects } = parseConfig(`projects: { api: { path: ${path} } }`, testContext);
    expect(projects.get('api')?.workspace).toBe(workspace);
  });
});

describe('a configuration with faults', () => {
  test.each(malformedConfigs)('$title', ({ yaml, faults }) => {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const expected = faults.map(([said, allowed]) => `${said}\n    allowed: ${allowed}`);
    expect(messageFor(yaml)).toBe([`/srv/desk/nightdesk.yaml can't be used: ${count}.`, ...expected].join('\n\n'));
  });

  test('all of them stand in one message, in the order of the file, those between keys too', () => {
    const yaml = `hst: { name: box }
host:
  concurrency: many
claude:
  env: [NOT_SET, CLAUDECODE]
projects:
  api: { path: plain, checks: ["$npm test"] }
  docs: { path: link-to-plain }
channels:
  web:general: { project: appi }
defaults: { timeout: 120 }
defaults: { budget: free }
access: { admins: [web:adda] }
`;
    expect(messageFor(yaml)).toBe(`/srv/desk/nightdesk.yaml can't be used: 10 faults.

line 1 · hst: unknown key. Did you mean \`host\`?
    allowed: host, dataDirectory, commandName, claude, projects, channels, defaults, access, alerts, digest, disk, retention, web, slack, discord

line 3 · host.concurrency: given "many"
    allowed: a whole number from 1 to 64

line 5 · claude.env[0]: NOT_SET is not set in the environment of nightdesk
    allowed: a variable that is set there

line 5 · claude.env[1]: CLAUDECODE is never passed on: Claude Code would refuse to start
    allowed: a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold \${NAME}

line 7 · projects.api.checks[0]: given "$npm test", which is no command: a space and the command follow the $
    allowed: a command such as "$ npm test", or a sentence to be judged, in quotes

line 8 · projects.docs.path: /srv/desk/link-to-plain is the folder of project api too, and both run in place
    allowed: a folder that no other project runs in

line 10 · channels.web:general.project: given "appi". Did you mean \`api\`?
    allowed: a project: api, docs

line 12 · defaults: this key stands twice
    allowed: each key once

line 12 · defaults.budget: given "free"
    allowed: US dollars, more than 0: 5, 2.50, $5

line 13 · access.admins[0]: given "web:adda", which is not in \`web.people\`. Did you mean \`web:ada\`?
    allowed: a person such as \`web:ada\`, a group such as \`slack:S012AB3CD\`, or \`web:*\` for everybody there`);
  });

  test.each([
    'slackToken: xoxb-0123456789-abcdefghij',
    'claude: { env: { DB_PASSWORD: hunter2-hunter2 } }',
    'claude: { env: [ghp_012345678901234567890123456789abcdef] }',
    'claude: { env: [TOKEN=ghp_012345678901234567890123456789abcdef] }',
    `host: { concurrency: sk-ant-${'x'.repeat(20)} }`,
    `host: { name: [sk-ant-${'x'.repeat(20)} }`,
  ])('a secret in it is not repeated: %s', (yaml) => {
    const message = messageFor(`${smallest}\n${yaml}`);
    for (const secret of ['xoxb-0123456789', 'hunter2', 'ghp_0123456789', 'sk-ant-'])
      expect(message).not.toContain(secret);
  });

  test('is a mistake of a person', () => {
    expect(() => parseConfig('', testContext)).toThrow(UserError);
  });
});

describe('the file', () => {
  let folder: string | undefined;
  const makeFolder = (): string => {
    folder = mkdtempSync(join(tmpdir(), 'nightdesk-config-'));
    return folder;
  };
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  test('is looked up by the flag, then the variable, then in the working directory', () => {
    expect(findConfigPath('a.yaml', { NIGHTDESK_CONFIG: '/b.yaml' }, '/work')).toBe('/work/a.yaml');
    expect(findConfigPath(undefined, { NIGHTDESK_CONFIG: '/b.yaml' }, '/work')).toBe('/b.yaml');
    expect(findConfigPath(undefined, { NIGHTDESK_CONFIG: '' }, '/work')).toBe('/work/nightdesk.yaml');
  });

  test('is named where there is none, with the ways to name another', () => {
    expect(() => loadConfig('/nowhere/nightdesk.yaml', {})).toThrow(
      "/nowhere/nightdesk.yaml can't be used: 1 fault.\n\nthere is no such file\n    allowed: a YAML file, named by " +
        '--config or NIGHTDESK_CONFIG; `nightdesk init` writes one',
    );
  });

  test('is read with what stands in the folders around it', () => {
    const home = makeFolder();
    for (const path of ['repo/.git', 'repo/part', 'plain', 'data']) mkdirSync(join(home, path), { recursive: true });
    symlinkSync(join(home, 'repo'), join(home, 'link'));
    const path = join(home, 'nightdesk.yaml');
    writeFileSync(
      path,
      `dataDirectory: data
projects: { repo: { path: repo }, link: { path: link }, part: { path: repo/part }, plain: { path: ~/plain }, gone: { path: gone } }`,
    );
    const config = loadConfig(path, { HOME: home });
    expect([...config.projects.values()].map((project) => [project.name, project.path, project.workspace])).toEqual([
      ['repo', join(home, 'repo'), 'worktree'],
      ['link', join(home, 'link'), 'worktree'],
      ['part', join(home, 'repo/part'), 'in-place'],
      ['plain', join(home, 'plain'), 'in-place'],
      ['gone', join(home, 'gone'), 'worktree'],
    ]);
    expect(config.host.name).not.toBe('');
    expect(config.claude.env).toEqual({ PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home });
    expect(config.warnings).toHaveLength(2);
  });
});
