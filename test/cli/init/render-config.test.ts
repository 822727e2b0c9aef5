import { expect, test } from 'vitest';

import { nameProjects } from '../../../src/cli/init/name-projects.ts';
import { renderConfig, type InitFacts } from '../../../src/cli/init/render-config.ts';
import { parseConfig } from '../../../src/config.ts';
import { testContext } from '../../config/config-context.ts';

const facts: InitFacts = {
  projects: [],
  zone: 'Europe/Berlin',
  person: 'ada',
  claude: undefined,
  loginVariables: [],
  dataDirectory: undefined,
  schemaPath: undefined,
};
const projectsOf = (paths: string[]): InitFacts['projects'] =>
  [...nameProjects(paths)].map(([name, path]) => ({ name, path, setup: undefined }));

test.each([
  '/src/api',
  '~/src/api',
  '/src/with space',
  '/src/a: b',
  '/src/#1',
  '/src/"quoted"',
  '/src/-x',
  '/src/grün',
  '/src/true',
  '/a\\b',
  "/src/it's",
])('a folder like %s is read back as it was', (path) => {
  const yaml = renderConfig({ ...facts, projects: projectsOf([path]), dataDirectory: `${path}-data` });
  const { projects, dataDirectory } = parseConfig(yaml, testContext);
  expect([...projects.values()].map((project) => project.path)).toEqual([path.replace('~', '/home/ada')]);
  expect(dataDirectory).toBe(`${path.replace('~', '/home/ada')}-data`);
});

test.each(['true', 'null', '1e3', 'grace-h', '李'])('a person like %s is read back as such', (person) => {
  expect(parseConfig(renderConfig({ ...facts, person }), testContext).web.people).toEqual([person]);
});

test('every name is a new one that a project may have', () => {
  const paths = ['/a/api', '/b/api', '/c/API', '/d/admins', '/e/null', '/f/2048', '/g/日本', `/h/${'x'.repeat(60)}`];
  expect([...nameProjects(paths).keys()]).toEqual([
    'api',
    'api-2',
    'api-3',
    'project-admins',
    'project-null',
    'project-2048',
    'project',
    'x'.repeat(36),
  ]);
  const yaml = renderConfig({ ...facts, projects: projectsOf(paths) });
  expect(parseConfig(yaml, testContext).projects.size).toBe(8);
});

test('ten projects are switched on; the rest are comments that can be', () => {
  const yaml = renderConfig({ ...facts, projects: projectsOf(Array.from({ length: 13 }, (_, at) => `/src/p-${at}`)) });
  expect(parseConfig(yaml, testContext).projects.size).toBe(10);
  const [head, rest = ''] = yaml.split('  # These were found too:\n');
  const [found = '', tail] = rest.split('\n\nhost:');
  const all = `${head}${found.replaceAll(/^ {2}# /gm, '  ')}\n\nhost:${tail}`;
  expect(parseConfig(all, testContext).projects.size).toBe(13);
});

test('what is a comment can be switched on', () => {
  const yaml = renderConfig({ ...facts, projects: projectsOf(['/src/api']), loginVariables: ['ANTHROPIC_API_KEY'] });
  const switchedOn = yaml
    .replaceAll(/^( *)# ((?:setup|concurrency|nightlyAt|command|env|port|dataDirectory|defaults):)/gm, '$1$2')
    .replaceAll(/^# {3}(timeout|retries|budget)/gm, '  $1');
  const env = { ...testContext.env, ANTHROPIC_API_KEY: 'x' };
  expect(parseConfig(switchedOn, { ...testContext, env })).toMatchObject({
    defaults: { timeoutMs: 7_200_000, budgetUsd: 5 },
    claude: { command: ['/home/ada/.local/bin/claude'], env: { ANTHROPIC_API_KEY: 'x' } },
    dataDirectory: '/srv/desk/.nightdesk',
  });
});
