import type { Check } from './check.ts';

/** A file that differs between two states of a project; its path is that of the repository. */
export interface ChangedFile {
  path: string;
  how: 'added' | 'modified' | 'deleted';
}

/** `scripts`: only what stands under `scripts` in this package.json is the check's. */
export type CheckFile = ChangedFile & { kind: 'scripts' | 'whole' };

/**
 * Of the changed files, those that decide what a command check checks: files that a command names or that its program goes
 * by, tests, and the set-up of tests, linters and CI. Adding a test, or a file that a command wants to see, weakens nothing
 * and is not named. `folder` is where the commands run, relative to the repository. The names follow the habits of the
 * common tools; a check that goes by something else is not recognised.
 */
export function findCheckFiles(changed: readonly ChangedFile[], checks: readonly Check[], folder = ''): CheckFile[] {
  const commands = checks.flatMap((check) => (check.kind === 'command' ? [check.command] : []));
  if (commands.length === 0) return [];
  const named = new Set(commands.flatMap((command) => namedFiles(command, folder)));
  const programFiles = programs.filter(({ program }) => commands.some((command) => program.test(command)));
  const rank = ({ path, how }: ChangedFile): number | undefined => {
    const isNew = how === 'added';
    if (programFiles.some(({ file }) => file.test(path))) return 0;
    if (named.has(path) && !isNew) return 1;
    if (toolSettings.test(path)) return 2;
    if ((tests.test(path) || ci.test(path)) && !isNew) return 3;
    return undefined;
  };
  return changed
    .map((file) => ({ file, rank: rank(file) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map(({ file }) => ({ ...file, kind: isPackage.test(file.path) && !named.has(file.path) ? 'scripts' : 'whole' }));
}

/** As people are told of it: `package.json (scripts)`, `test/cart.test.js (deleted)`. */
export function checkFileLabel({ path, how, kind }: CheckFile): string {
  const notes = [...(kind === 'scripts' ? ['scripts'] : []), ...(how === 'deleted' ? ['deleted'] : [])];
  return notes.length === 0 ? path : `${path} (${notes.join(', ')})`;
}

const isPackage = /(?:^|\/)package\.json$/;

/** What a program goes by without being told. */
const programs = [
  { program: /(?:^|[\s;&|(])(?:npm|pnpm|yarn|bun|turbo|nx|lerna)\s/, file: isPackage },
  { program: /(?:^|[\s;&|(])g?make(?:\s|$)/, file: /(?:^|\/)(?:(?:GNU)?[Mm]akefile|[^/]+\.mk)$/ },
  { program: /(?:^|[\s;&|(])just(?:\s|$)/, file: /(?:^|\/)\.?[Jj]ustfile$/ },
  { program: /(?:^|[\s;&|(])task(?:\s|$)/, file: /(?:^|\/)[Tt]askfile\.ya?ml$/ },
  { program: /(?:^|[\s;&|(])rake(?:\s|$)/, file: /(?:^|\/)Rakefile$/ },
];

const anyOf = (...patterns: RegExp[]): RegExp => new RegExp(patterns.map(({ source }) => source).join('|'));

const tests = anyOf(
  /(?:^|\/)(?:tests?|__tests__|__snapshots__|specs?|e2e)\//,
  /\.(?:test|spec)\.[^/]+$/,
  /_(?:test|spec)\.[^/]+$/,
  /(?:^|\/)test_[^/]*\.py$/,
  /\.snap$/,
);

const toolSettings = anyOf(
  /(?:^|\/)(?:vitest|jest|playwright|cypress|karma|ava|eslint|stylelint|oxlint)\.(?:config|workspace|setup)\.[^/]+$/,
  /(?:^|\/)\.(?:mocharc|nycrc|c8rc|eslintrc|eslintignore|stylelintrc|oxlintrc|golangci|rspec|rubocop|flake8|pylintrc|coveragerc)(?:\.[^/]+)?$/,
  /(?:^|\/)(?:tox\.ini|pytest\.ini|conftest\.py|noxfile\.py|phpunit\.xml(?:\.dist)?|biome\.jsonc?|clippy\.toml)$/,
);

const ci =
  /^(?:\.github\/(?:workflows|actions)\/|\.circleci\/|\.ci\/|\.gitlab-ci\.yml$|Jenkinsfile$|azure-pipelines\.yml$)/;

/** Programs that look at what a run made; the files behind them are its work and not the check. */
const lookers = new Set([
  'cat',
  'grep',
  'egrep',
  'fgrep',
  'rg',
  'test',
  '[',
  '[[',
  'ls',
  'wc',
  'head',
  'tail',
  'jq',
  'stat',
]);

/** The words of a command as paths of the repository, whether there are such files or not. */
function namedFiles(command: string, folder: string): string[] {
  const places = [folder];
  return command.split(/&&|\|\||[;|&\n]/).flatMap((part) => {
    const words = part
      .split(/[\s()<>"'`={}]+/)
      .filter((word) => word !== '' && word !== '!' && !/^[A-Z_]+$/.test(word));
    for (const [at, word] of words.entries()) {
      const next = words[at + 1];
      if (/^(?:cd|-C|--prefix|--cwd|--dir)$/.test(word) && next !== undefined) places.push(joinPath(folder, next));
    }
    return lookers.has(words[0] ?? '') ? [] : words.flatMap((word) => places.map((place) => joinPath(place, word)));
  });
}

function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...path.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
