import { describe, expect, test } from 'vitest';

import { parseCheck } from '../../src/model/check.ts';
import { checkFileLabel, findCheckFiles, type ChangedFile } from '../../src/model/check-files.ts';

const changed = (text: string): ChangedFile[] =>
  text.split(' ').map((word) => {
    const how = word.startsWith('+') ? 'added' : word.startsWith('-') ? 'deleted' : 'modified';
    return { path: word.replace(/^[+-]/, ''), how };
  });

const found = (check: string, files: string, folder?: string): string[] =>
  findCheckFiles(changed(files), [parseCheck(check)], folder).map(checkFileLabel);

describe('is named', () => {
  test.each<[check: string, file: string, label: string]>([
    ['$ npm test', 'package.json', 'package.json (scripts)'],
    ['$ pnpm -r test', 'packages/a/package.json', 'packages/a/package.json (scripts)'],
    ['$ cd web && yarn test', 'web/package.json', 'web/package.json (scripts)'],
    ['$ CI=1 npm run verify', '-package.json', 'package.json (scripts, deleted)'],
    ['$ make check', 'Makefile', 'Makefile'],
    ['$ make -C build check', 'build/rules.mk', 'build/rules.mk'],
    ['$ just test', '.justfile', '.justfile'],
    ['$ task test', 'Taskfile.yml', 'Taskfile.yml'],
    ['$ rake', '+Rakefile', 'Rakefile'],
    ['$ bash check.sh', 'check.sh', 'check.sh'],
    ['$ ./scripts/check.sh --all', 'scripts/check.sh', 'scripts/check.sh'],
    ['$ cd web && sh ./check.sh', 'web/check.sh', 'web/check.sh'],
    ['$ vitest --config=ci/unit.ts', 'ci/unit.ts', 'ci/unit.ts'],
    ['$ diff expected.txt <(node a.js)', 'expected.txt', 'expected.txt'],
    ['$ cat package.json | node schema/check.js', 'schema/check.js', 'schema/check.js'],
    ['$ npm test', 'test/cart.js', 'test/cart.js'],
    ['$ npm test', 'src/__tests__/cart.ts', 'src/__tests__/cart.ts'],
    ['$ npm test', '-src/cart.test.ts', 'src/cart.test.ts (deleted)'],
    ['$ npm test', 'src/cart.spec.tsx', 'src/cart.spec.tsx'],
    ['$ go test ./...', 'cart/cart_test.go', 'cart/cart_test.go'],
    ['$ pytest', 'api/test_cart.py', 'api/test_cart.py'],
    ['$ pytest', '+conftest.py', 'conftest.py'],
    ['$ bundle exec rspec', 'spec/cart_spec.rb', 'spec/cart_spec.rb'],
    ['$ npm test', 'src/cart.snap', 'src/cart.snap'],
    ['$ npm test', '+vitest.config.ts', 'vitest.config.ts'],
    ['$ npm run lint', '.eslintrc.json', '.eslintrc.json'],
    ['$ npm run lint', 'eslint.config.mjs', 'eslint.config.mjs'],
    ['$ npm test', '.github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['$ npm test', '-.gitlab-ci.yml', '.gitlab-ci.yml (deleted)'],
  ])('by %s: %s', (check, file, label) => {
    expect(found(check, `src/cart.ts ${file} README.md`)).toEqual([label]);
  });
});

describe('is not named', () => {
  test.each<[why: string, check: string, file: string]>([
    ['source', '$ npm test', 'src/cart.ts'],
    ['a package.json that no script is run from', '$ go test ./...', 'package.json'],
    ['a lock file', '$ npm test', 'package-lock.json'],
    ['a Makefile that is not made', '$ npm test', 'Makefile'],
    ['a test that was added', '$ npm test', '+test/price.test.js'],
    ['a workflow that was added', '$ npm test', '+.github/workflows/release.yml'],
    ['the template of an issue', '$ npm test', '.github/ISSUE_TEMPLATE/bug.md'],
    ['a file that is looked at', '$ grep -q 42 answer.txt', 'answer.txt'],
    ['a file that is looked at, and may not be right', '$ ! grep -q 41 answer.txt', 'answer.txt'],
    ['a file that the command wants to see', '$ bash done.sh', '+done.sh'],
    ['a file with a similar name', '$ bash check.sh', 'docs/check.sh'],
    ['a word with test in it', '$ npm test', 'src/latest/contest.ts'],
    ['anything, for a sentence', 'the tests are good', 'test/cart.test.js'],
  ])('%s', (_why, check, file) => {
    expect(found(check, file)).toEqual([]);
  });
});

test('what the programs go by comes first, then what is named, then tests and CI', () => {
  expect(found('$ npm test && sh check.sh', '.github/workflows/ci.yml check.sh package.json test/a.js')).toEqual([
    'package.json (scripts)',
    'check.sh',
    '.github/workflows/ci.yml',
    'test/a.js',
  ]);
});

test('in a project below the top of its repository, names are relative to the project', () => {
  expect(found('$ sh check.sh', 'check.sh api/check.sh', 'api')).toEqual(['api/check.sh']);
  expect(found('$ sh ../check.sh', 'check.sh api/check.sh', 'api')).toEqual(['check.sh']);
});

test('a package.json that a command names is meant as a whole', () => {
  expect(found('$ node lint.js package.json && npm test', 'package.json')).toEqual(['package.json']);
});
