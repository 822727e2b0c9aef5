import { beforeAll, describe, expect, test } from 'vitest';

import { plantTree, type Files } from './support/planted-tree.ts';

interface Plant {
  title: string;
  path: string;
  /** What the linter must not let pass. */
  bad: string;
  /** The nearest that it must let pass. */
  good: string;
  rule: string;
}

const wall = 'eslint(no-restricted-imports)';

/** What the plants import. */
const rooms: Files = {
  'src/model/word.ts': 'export const word = 1;\n',
  'src/db/table.ts': 'export const table = 1;\n',
  'src/desk/use-case.ts': 'export const useCase = 1;\n',
  'src/bots/port.ts': 'export interface Port {\n  name: string;\n}\n\nexport const port = 1;\n',
  'src/scheduler/bell.ts': 'export const bell = 1;\n',
  'src/runner/start.ts': 'export interface Start {\n  name: string;\n}\n\nexport const start = 1;\n',
  'src/web/page.ts': 'export const page = 1;\n',
  'src/metrics/count.ts': 'export const count = 1;\n',
  'src/config.ts': 'export const config = 1;\n',
};

const importing = (name: string, from: string): string =>
  `import { ${name} } from '${from}';\n\nexport const it = ${name};\n`;
const importingType = (name: string, from: string): string =>
  `import type { ${name} } from '${from}';\n\nexport type It = ${name};\n`;

const plants: Plant[] = [
  ['model to db', 'src/model/a.ts', '../db/table.ts', 'table', './word.ts', 'word'],
  ['deep in model to db', 'src/model/deep/a.ts', '../../db/table.ts', 'table', '../word.ts', 'word'],
  ['model to config', 'src/model/b.ts', '../config.ts', 'config', './word.ts', 'word'],
  ['model to Node', 'src/model/c.ts', 'node:fs', 'readFileSync', 'zod', 'string'],
  ['db to runner', 'src/db/a.ts', '../runner/start.ts', 'start', '../model/word.ts', 'word'],
  ['runner to db', 'src/runner/a.ts', '../db/table.ts', 'table', '../model/word.ts', 'word'],
  ['deep in runner to db', 'src/runner/deep/a.ts', '../../db/table.ts', 'table', '../../model/word.ts', 'word'],
  ['runner to scheduler', 'src/runner/b.ts', '../scheduler/bell.ts', 'bell', '../model/word.ts', 'word'],
  ['scheduler to bots', 'src/scheduler/a.ts', '../bots/port.ts', 'port', '../db/table.ts', 'table'],
  ['bots to scheduler', 'src/bots/a.ts', '../scheduler/bell.ts', 'bell', '../model/word.ts', 'word'],
  ['an adapter to scheduler', 'src/bots/web/a.ts', '../../scheduler/bell.ts', 'bell', '../port.ts', 'port'],
  ['an adapter to the web server', 'src/bots/web/b.ts', '../../web/page.ts', 'page', '../port.ts', 'port'],
  ['desk to web', 'src/desk/a.ts', '../web/page.ts', 'page', '../db/table.ts', 'table'],
  ['web to config', 'src/web/a.ts', '../config.ts', 'config', '../desk/use-case.ts', 'useCase'],
  ['config to db', 'src/config/a.ts', '../db/table.ts', 'table', '../model/word.ts', 'word'],
  ['execa outside of runner', 'src/desk/b.ts', 'execa', 'execa', '../model/word.ts', 'word'],
  ['drizzle outside of db', 'src/desk/c.ts', 'drizzle-orm', 'eq', '../model/word.ts', 'word'],
  ['a part of drizzle outside of db', 'src/runner/c.ts', 'drizzle-orm/sqlite-core', 'text', 'execa', 'execa'],
  ['better-sqlite3 outside of db', 'src/web/b.ts', 'better-sqlite3', 'SqliteError', 'hono', 'Hono'],
  ['agenda outside of scheduler', 'src/db/b.ts', 'agenda', 'Agenda', 'drizzle-orm', 'eq'],
  ['Slack’s SDK outside of its adapter', 'src/bots/web/c.ts', '@slack/bolt', 'App', '../port.ts', 'port'],
  ['Slack’s SDK in the desk', 'src/desk/h.ts', '@slack/bolt', 'App', '../model/word.ts', 'word'],
  ['Slack’s adapter to the store', 'src/bots/slack/b.ts', '../../db/table.ts', 'table', '@slack/bolt', 'App'],
  ['metrics to the desk', 'src/metrics/a.ts', '../desk/use-case.ts', 'useCase', 'prom-client', 'Registry'],
  ['prom-client outside of metrics', 'src/web/m.ts', 'prom-client', 'Registry', 'hono', 'Hono'],
  ['the desk to metrics', 'src/desk/m.ts', '../metrics/count.ts', 'count', '../model/word.ts', 'word'],
  ['yaml outside of config', 'src/cli/a.ts', 'yaml', 'parse', '../config.ts', 'config'],
  ['discord.js outside of its adapter', 'src/bots/slack/a.ts', 'discord.js', 'Client', '../port.ts', 'port'],
  ['discord.js in the desk', 'src/desk/g.ts', 'discord.js', 'Client', '../model/word.ts', 'word'],
  [
    'the adapter of Discord to the store',
    'src/bots/discord/a.ts',
    '../../db/table.ts',
    'table',
    'discord.js',
    'Client',
  ],
].map(([title = '', path = '', badFrom = '', badName = '', goodFrom = '', goodName = '']) => ({
  title,
  path,
  bad: importing(badName, badFrom),
  good: importing(goodName, goodFrom),
  rule: wall,
}));

plants.push(
  {
    title: 'a value of runner in desk, where its types are welcome',
    path: 'src/desk/d.ts',
    bad: importing('start', '../runner/start.ts'),
    good: importingType('Start', '../runner/start.ts'),
    rule: wall,
  },
  {
    title: 'a value of bots in desk, where its types are welcome',
    path: 'src/desk/e.ts',
    bad: importing('port', '../bots/port.ts'),
    good: importingType('Port', '../bots/port.ts'),
    rule: wall,
  },
  {
    title: 'a cycle of imports',
    path: 'src/model/ring.ts',
    bad: "import { back } from './ring-back.ts';\n\nexport const ring = (): unknown => back;\n",
    good: 'export const ring = (): unknown => 1;\n',
    rule: 'import(no-cycle)',
  },
  {
    title: 'a promise that nobody awaits',
    path: 'src/desk/f.ts',
    bad: 'const later = async (): Promise<number> => 1;\n\nexport function go(): void {\n  later();\n}\n',
    good: 'const later = async (): Promise<number> => 1;\n\nexport async function go(): Promise<void> {\n  await later();\n}\n',
    rule: 'typescript(no-floating-promises)',
  },
  {
    title: 'the environment away from the edges',
    path: 'src/runner/d.ts',
    bad: 'export const home = process.env.HOME;\n',
    good: 'export const home = (env: Record<string, string>): string | undefined => env.HOME;\n',
    rule: 'node(no-process-env)',
  },
  {
    title: 'a switch that forgets a case',
    path: 'src/model/d.ts',
    bad: "export function say(word: 'a' | 'b'): string {\n  let said = '';\n  switch (word) {\n    case 'a':\n      said = 'A';\n      break;\n  }\n  return said;\n}\n",
    good: "export function say(word: 'a'): string {\n  let said = '';\n  switch (word) {\n    case 'a':\n      said = 'A';\n      break;\n  }\n  return said;\n}\n",
    rule: 'typescript(switch-exhaustiveness-check)',
  },
);

const ringBack = { 'src/model/ring-back.ts': "import { ring } from './ring.ts';\n\nexport const back = ring;\n" };

interface LintResult {
  status: number | null;
  files: number;
  found: { rule: string; path: string }[];
}

function lint(kind: 'bad' | 'good'): LintResult {
  const planted = Object.fromEntries(plants.map((plant) => [plant.path, plant[kind]]));
  using tree = plantTree({ ...rooms, ...planted, ...ringBack }, ['.oxlintrc.json', 'tsconfig.json']);
  const { status, output } = tree.runGate('check:lint', '--format', 'json');
  const report = JSON.parse(output) as { number_of_files: number; diagnostics: { code: string; filename: string }[] };
  const found = report.diagnostics.map(({ code, filename }) => ({ rule: code, path: filename }));
  return { status, files: report.number_of_files, found };
}

const fileCount = Object.keys(rooms).length + plants.length + Object.keys(ringBack).length;

describe('with every wall crossed once, the linter', () => {
  let result: LintResult;
  beforeAll(() => {
    result = lint('bad');
  });

  test('fails, and has looked at every file', () => {
    expect(result).toMatchObject({ status: 1, files: fileCount });
  });

  test.each(plants)('sees $title', ({ path, rule }) => {
    expect(result.found).toContainEqual({ rule, path });
  });

  test('sees nothing else but the other end of the cycle', () => {
    const expected = [...plants.map(({ path }) => path), 'src/model/ring-back.ts'];
    expect(result.found.map(({ path }) => path).filter((path) => !expected.includes(path))).toEqual([]);
  });
});

test('with the nearest that is allowed, the linter has looked at every file and is content', () => {
  expect(lint('good')).toEqual({ status: 0, files: fileCount, found: [] });
});
