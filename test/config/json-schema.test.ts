import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { renderJsonSchema } from '../../scripts/render-json-schema.ts';
import { parseConfig } from '../../src/config.ts';
import { isValid } from '../support/json-schema.ts';
import { testContext } from './config-context.ts';

const written = readFileSync('nightdesk.schema.json', 'utf8');
const schema = JSON.parse(written) as Record<string, unknown>;
const example = readFileSync('nightdesk.example.yaml', 'utf8');
const env = { ...testContext.env, CLAUDE_CODE_OAUTH_TOKEN: 'x' };

function isParsed(yaml: string): boolean {
  try {
    parseConfig(yaml, { ...testContext, env });
    return true;
  } catch {
    return false;
  }
}

const verdicts = (yaml: string) => ({ editor: isValid(schema, parse(yaml) ?? {}), nightdesk: isParsed(yaml) });

test('the schema that is shipped is up to date; `npm run schema` writes it', () => {
  expect(written).toBe(renderJsonSchema(readFileSync('docs/configuration.md', 'utf8')));
});

test('it is in the package, and the file to copy names it', () => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
  expect(files).toContain('nightdesk.schema.json');
  expect(example).toMatch(/^# yaml-language-server: \$schema=\.\/nightdesk\.schema\.json$/m);
});

test('a key has its meaning, what is allowed, and its default', () => {
  const { properties } = schema as { properties: Record<string, { properties: Record<string, unknown> }> };
  expect(properties['host']?.properties['concurrency']).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 64,
    default: 2,
    description: 'how many runs work at once; what is over waits, oldest first\n\na whole number from 1 to 64',
  });
  expect(properties['defaults']?.properties['timeout']).toMatchObject({ default: '2h' });
  expect(properties['claude']?.properties['command']).toMatchObject({ default: 'claude' });
});

const api = 'projects: { api: { path: . } }\n';

describe('the editor and nightdesk agree on what can be used', () => {
  test.each([
    example,
    `${example}\nhost:\n  # concurrency: 4\n`,
    'projects: { API.v2: { path: ~/src/api, checks: ["$ npm test"], copy: [.env] } }',
    `${api}claude: { command: [npx, claude], env: [CACHE] }`,
    `${api}claude: { command: ~/bin/claude, env: { PATH: "/opt:\${PATH}", CI: true, CACHE: } }`,
    `${api}claude: { env: [CACHE, { JOBS: 2 }], permissionMode: plan, model: opus }`,
    `${api}channels: { "web:general": , "slack:C1": { project: api, zone: UTC } }`,
    `${api}defaults: { timeout: 90m, retries: 0, budget: $2.50, notify: always }`,
    `${api}access: { admins: ["web:ada"], "*": { viewers: ["web:*"] }, api: }`,
    `${api}web: { host: "::1", port: 0, url: https://desk.example.org, people: [ada, Łukasz] }`,
  ])('%s', (yaml) => {
    expect(verdicts(yaml)).toEqual({ editor: true, nightdesk: true });
  });
});

describe('the editor and nightdesk agree on what cannot', () => {
  test.each([
    '',
    'projects: {}',
    'projcts: { api: { path: . } }',
    'projects: { api: }',
    'projects: { "a b": { path: . } }',
    'projects: { api: { path: ., workspace: elsewhere } }',
    'projects: { api: { path: ., base: --force } }',
    `${api}host: { concurrency: 0 }`,
    `${api}host: { concurrency: many, nightlyAt: "25:00" }`,
    `${api}claude: { env: { A-B: c } }`,
    `${api}claude: { env: [A=b] }`,
    `${api}claude: { command: [], allowedTools: Bash }`,
    `${api}channels: { general: {} }`,
    `${api}defaults: { timeout: 120 }`,
    `${api}defaults: { budget: -1 }`,
    `${api}defaults: { notify: yes }`,
    `${api}access: { admins: [ada] }`,
    `${api}web: { port: 70000, people: [] }`,
  ])('%s', (yaml) => {
    expect(verdicts(yaml)).toEqual({ editor: false, nightdesk: false });
  });
});
