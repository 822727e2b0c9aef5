import { beforeAll, describe, expect, test } from 'vitest';

import { plantTree, type Files } from './support/planted-tree.ts';

interface GateResult {
  status: number | null;
  output: string;
}

const tidy = 'export const word: number = 1;\n';
const main = "import { word } from './model/word.ts';\n\nprocess.stdout.write(String(word));\n";
const module = { 'package.json': '{ "type": "module" }\n' };

describe('the formatter', () => {
  const check = (files: Files): GateResult => {
    using tree = plantTree(files, ['.oxfmtrc.json']);
    return tree.runGate('check:format');
  };

  test('is content with what is formatted', () => {
    expect(check({ 'src/main.ts': main, 'src/model/word.ts': tidy })).toMatchObject({ status: 0 });
  });

  test('names the file that is not', () => {
    const { status, output } = check({ 'src/main.ts': main, 'src/model/word.ts': 'export const word : number=1' });
    expect(status).toBe(1);
    expect(output).toContain('src/model/word.ts');
    expect(output).not.toContain('src/main.ts');
  });
});

describe('the compiler', () => {
  const check = (files: Files): GateResult => {
    using tree = plantTree({ ...module, ...files }, ['tsconfig.json']);
    return tree.runGate('check:types');
  };

  test('is content with what is typed', () => {
    expect(check({ 'src/main.ts': main, 'src/model/word.ts': tidy })).toEqual({ status: 0, output: '' });
  });

  const faults: [fault: string, path: string, code: string, text: string][] = [
    ['a wrong type', 'src/type.ts', 'TS2322', "export const word: number = 'one';\n"],
    [
      'an index that may be missing',
      'src/deep/index-of.ts',
      'TS2322',
      'const words = [1];\nexport const word: number = words[0];\n',
    ],
    [
      'an optional key set to undefined',
      'test/key.ts',
      'TS2375',
      'export const word: { a?: number } = { a: undefined };\n',
    ],
    ['what type stripping cannot run', 'demo/enum.ts', 'TS1294', 'export enum Word {\n  a,\n}\n'],
    [
      'an override without the word',
      'scripts/over.ts',
      'TS4114',
      'class A {\n  a() {}\n}\nexport class B extends A {\n  a() {}\n}\n',
    ],
    [
      'a type imported as a value',
      'bench/type.ts',
      'TS1484',
      "import { PathLike } from 'node:fs';\nexport type A = PathLike;\n",
    ],
  ];

  test('sees each fault, in every folder of code', () => {
    const { status, output } = check(Object.fromEntries(faults.map(([, path, , text]) => [path, text])));
    expect(status).not.toBe(0);
    const found = output.split('\n').flatMap((line) => /^(\S+)\(.*error (TS\d+)/.exec(line)?.slice(1).join(' ') ?? []);
    expect(found.sort()).toEqual(faults.map(([, path, code]) => `${path} ${code}`).sort());
  });
});

describe('the check for dead code', () => {
  const manifest = (...dependencies: string[]): string =>
    JSON.stringify({
      name: 'planted',
      type: 'module',
      scripts: { start: 'node src/main.ts' },
      dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
    });
  const clean = {
    'package.json': manifest(),
    'src/main.ts': main,
    'src/model/word.ts': tidy,
    'src/runner/supervisor/supervisor.ts': 'process.exitCode = 0;\n',
  };
  const check = (files: Files): GateResult => {
    using tree = plantTree({ ...clean, ...files }, ['knip.jsonc', 'tsconfig.json']);
    return tree.runGate('check:dead');
  };

  test('is content where everything is used', () => {
    expect(check({})).toMatchObject({ status: 0 });
  });

  let result: GateResult;
  beforeAll(() => {
    result = check({
      'package.json': manifest('hono'),
      'src/model/word.ts':
        "import { execa } from 'execa';\n\nexport const ownExport = 1;\n\nexport const lonelyExport = 2;\n\nexport const word = [execa, ownExport];\n",
      'src/model/lonely-file.ts': 'export const a = 1;\n',
      'src/web/page/lonely-module.js': 'export const a = 1;\n',
    });
  });

  test.each([
    ['an export that nobody imports', 'lonelyExport'],
    ['an export that only its own file uses', 'ownExport'],
    ['a file that nobody imports', 'src/model/lonely-file.ts'],
    ['a module of the page that nobody loads', 'src/web/page/lonely-module.js'],
    ['a dependency that nobody uses', 'hono'],
    ['a library that is no dependency', 'execa'],
  ])('sees %s', (_, name) => {
    expect(result.status).toBe(1);
    expect(result.output).toContain(name);
  });
});

describe('the tests', () => {
  const run = (texts: Files): GateResult => {
    const head = "import { createServer } from 'node:net';\nimport { expect, test } from 'vitest';\n\n";
    const files = Object.entries(texts).map(([name, text]) => [`test/${name}.test.ts`, `${head}${text}\n`]);
    const support = ['leaks', 'quick-node', 'quick-imports'].map((name) => `test/support/${name}.ts`);
    using tree = plantTree({ ...module, ...Object.fromEntries(files) }, ['vitest.config.ts', ...support]);
    return tree.runGate('test');
  };

  test('pass where all is well', () => {
    expect(run({ well: "test('it', () => expect(createServer).toBeDefined());" })).toMatchObject({ status: 0 });
  });

  const faults: [fault: string, file: string, said: string, text: string][] = [
    ['an expectation that is not met', 'unmet', 'expected 1 to be 2', "test('it', () => expect(1).toBe(2));"],
    [
      'a server that is left open',
      'server',
      'left open by this test',
      "test('it', () => new Promise((go) => createServer().listen(0, go)));",
    ],
    [
      'a rejection that nobody handles',
      'rejection',
      'nobody handles me',
      "test('it', () => void Promise.reject(new Error('nobody handles me')));",
    ],
    ['a file without a test', 'empty', 'No test suite found', 'void expect;'],
  ];

  let result: GateResult;
  beforeAll(() => {
    result = run(Object.fromEntries(faults.map(([, file, , text]) => [file, text])));
  });

  test.each(faults)('fail on %s', (_, file, said) => {
    expect(result.status).toBe(1);
    expect(result.output).toContain(said);
    expect(result.output).toContain(`test/${file}.test.ts`);
  });
});
