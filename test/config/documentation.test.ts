import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import type * as z from 'zod';

import { parseConfig } from '../../src/config.ts';
import { configSchema } from '../../src/config/schema.ts';
import { allowedAt } from '../../src/config/schema-walk.ts';
import { testContext } from './config-context.ts';

const document = readFileSync('docs/configuration.md', 'utf8');

interface Row {
  key: string;
  allowed: string;
  default: string;
}

const rows: Row[] = [...document.matchAll(/^\| `([^`]+)` \| (.+?) \| (.+?) \| .+ \|$/gm)].map((match) => ({
  key: match[1] ?? '',
  allowed: match[2] ?? '',
  default: match[3] ?? '',
}));

/** The names that stand for any name in the document: the only project there is, and any key of a map. */
const schema = configSchema({ projects: ['<project>'], people: ['ada'], env: {} });

/** Every key that a person may write, by the schema itself. */
function keysOf(schema: z.ZodType, path: string[] = []): string[][] {
  const definition = schema.def as z.core.$ZodTypeDef & {
    innerType?: z.ZodType;
    in?: z.ZodType;
    out?: z.ZodType;
    shape?: Record<string, z.ZodType>;
    valueType?: z.ZodType;
  };
  const inner = definition.innerType ?? (definition.in?.def.type === 'transform' ? definition.out : definition.in);
  if (inner) return keysOf(inner, path);
  if (definition.shape)
    return Object.entries(definition.shape).flatMap(([key, value]) => keysOf(value, [...path, key]));
  if (definition.valueType)
    return keysOf(definition.valueType, [...path, path[0] === 'projects' ? '<name>' : '<channel>']);
  return [path];
}

const keys = keysOf(schema);

test('every key is in the document once, and nothing else is', () => {
  expect(rows.map(({ key }) => key).sort()).toEqual(keys.map((path) => path.join('.')).sort());
  expect(keys.length).toBeGreaterThan(30);
});

test.each(rows)('what is allowed at $key is said as the messages say it', (row) => {
  const said =
    row.key === 'channels.<channel>.project'
      ? 'a project: one of those under `projects`'
      : allowedAt(schema, row.key.split('.'), false);
  expect(row.allowed).toBe(said);
});

describe('a default is true', () => {
  const isWritten = (row: Row): boolean => row.default.startsWith('`') && !row.key.startsWith('access.');

  test.each(rows.filter(isWritten))('$key: $default', (row) => {
    const [section = '', ...path] = row.key.replace('<name>', 'api').split('.');
    const value = path.reduceRight((inner, key) => `{ ${key}: ${inner} }`, row.default.slice(1, -1));
    const project = 'projects: { api: { path: . } }';
    // A platform is on where its section is there.
    const bare = section === 'slack' || section === 'discord' ? `${project}\n${section}:` : project;
    const given =
      section === 'projects'
        ? `projects: ${value.replace('{ api: {', '{ api: { path: .,')}`
        : `${project}\n${section}: ${value}`;
    expect(parseConfig(given, testContext)).toEqual(parseConfig(bare, testContext));
  });

  test('access: every list is empty', () => {
    const { access } = parseConfig('projects: { api: { path: . } }\naccess: { "*": {}, api: {} }', testContext);
    const none = { viewers: [], members: [], maintainers: [] };
    expect(access).toEqual({ admins: [], projects: { '*': none, api: none } });
    expect(rows.filter(({ key }) => key.startsWith('access.')).map((row) => row.default)).toEqual(
      Array(7).fill('`[]`'),
    );
  });

  test('without a dash there is one, and with a dash there is none', () => {
    const config = parseConfig('projects: { api: { path: . } }\nchannels: { "web:x": {} }\ndiscord:', testContext);
    const values: Record<string, unknown> = {
      'host.name': config.host.name,
      'host.zone': config.host.zone,
      'projects.<name>.workspace': config.projects.get('api')?.workspace,
      'web.people': config.web.people[0],
      'claude.model': config.claude.model,
      'projects.<name>.base': config.projects.get('api')?.base,
      'projects.<name>.setup': config.projects.get('api')?.setup,
      'channels.<channel>.project': config.channels.get('web:x')?.project,
      'channels.<channel>.zone': config.channels.get('web:x')?.zone,
      'defaults.budget': config.defaults.budgetUsd,
      'defaults.model': config.defaults.model,
      'web.url': config.web.url,
      'discord.guild': config.discord?.guild,
      alerts: config.alerts,
      'digest.zone': config.digest.zone ?? config.host.zone,
    };
    const rest = rows.filter((row) => !row.default.startsWith('`') && row.default !== 'required');
    expect(rest.map(({ key }) => key).sort()).toEqual(Object.keys(values).sort());
    for (const row of rest) expect([row.key, values[row.key] === undefined]).toEqual([row.key, row.default === '–']);
  });
});

describe('the examples', () => {
  const env = {
    ...testContext.env,
    CLAUDE_CODE_OAUTH_TOKEN: 'x',
    SSH_AUTH_SOCK: '/run/agent',
    NIGHT_GITHUB_TOKEN: 'y',
  };
  const examples = [...document.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

  test.each(examples)('%s', (yaml) => {
    const whole = yaml.includes('projects:') ? yaml : `${yaml}\nprojects: { api: { path: . } }`;
    expect(() => parseConfig(whole, { ...testContext, env })).not.toThrow();
  });

  test('what is said of a file with faults is what it says', () => {
    const yaml = 'projcts:\n  api: { path: . }\ndefaults:\n  timeout: 120\n';
    const said = /^```\n(\S+ can't be used: .*?)\n```$/ms.exec(document)?.[1] ?? 'nothing';
    expect(() => parseConfig(yaml, testContext)).toThrow(expect.objectContaining({ message: said }));
  });

  test('the file to copy can be used as it is', () => {
    const config = parseConfig(readFileSync('nightdesk.example.yaml', 'utf8'), testContext);
    expect([...config.projects.keys()]).toEqual(['api']);
  });

  test('the file to copy can be used with everything in it switched on', () => {
    const [head = '', ...body] = readFileSync('nightdesk.example.yaml', 'utf8').split('\nprojects:');
    expect(head).toContain('docs/configuration.md');
    const switchedOn = `projects:${body.join('')}`.replaceAll(/^( *)# /gm, '$1');
    const config = parseConfig(switchedOn, { ...testContext, env });
    expect(config).toMatchObject({
      host: { zone: 'Europe/Berlin' },
      defaults: { budgetUsd: 5 },
      access: { admins: ['web:ada'] },
      web: { people: ['ada', 'grace'] },
    });
    expect(config.projects.get('api')).toMatchObject({
      base: 'main',
      setup: 'npm ci',
      checks: [{ kind: 'command' }, {}],
    });
  });
});
