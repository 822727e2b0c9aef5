import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createAttemptMask } from '../../src/runner/attempt-mask.ts';
import { readOutput } from '../../src/runner/read-output.ts';
import { tempFolder, writeFiles } from '../support/temp-repository.ts';

const project = {
  name: 'api',
  path: '/nonexistent',
  workspace: 'worktree' as const,
  copy: [],
  allowedTools: [],
  checks: [],
};
const secret = 'QWERTZUIOPASDFGHJKL';
const mask = createAttemptMask([{ name: 'TOKEN', value: secret }], {}, project);

function outputOf(text: string | Buffer): { output: string; lastLine: string | undefined } {
  const path = join(tempFolder(), 'output.log');
  writeFileSync(path, text);
  return readOutput(path, mask);
}

test.each([
  { what: 'nothing', text: '', output: '', lastLine: undefined },
  {
    what: 'colours and a progress bar',
    text: '\u001b[31mred\u001b[0m\n1%\r100%\n\n',
    output: 'red\n1%\n100%\n',
    lastLine: '100%',
  },
  { what: 'a secret', text: `it is ${secret}\n`, output: 'it is [masked: TOKEN]', lastLine: 'it is [masked: TOKEN]' },
])('output with $what', ({ text, output, lastLine }) => {
  expect(outputOf(text)).toEqual({ output, lastLine });
});

test('a file that is not there is empty output', () => {
  expect(readOutput(join(tempFolder(), 'none'), mask)).toEqual({ output: '', lastLine: undefined });
});

test('long output keeps its head and its tail', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`);
  const { output, lastLine } = outputOf(lines.join('\n'));
  expect(output.split('\n')).toEqual([...lines.slice(0, 60), '… 820 lines left out …', ...lines.slice(-120)]);
  expect(lastLine).toBe('line 1000');
});

test('no part of a secret is shown where the reading cuts it in two', () => {
  const regionBytes = 256 * 1024;
  for (let shown = 1; shown < secret.length; shown += 1) {
    const head = 'x'.repeat(regionBytes - shown) + secret;
    const tail = `${secret}${'y'.repeat(regionBytes - (secret.length - shown))}`;
    const { output } = outputOf(`${head}\n${'z'.repeat(regionBytes)}\n${tail}`);
    expect(output.replace(' MB ', '')).not.toMatch(/[A-Z]/);
  }
});

test('a huge file takes no longer and no more memory than a small one', () => {
  const path = join(tempFolder(), 'output.log');
  writeFileSync(path, `the beginning\n${'x'.repeat(500)}\n${'y'.repeat(8_000)}`);
  truncateSync(path, 8 * 1024 ** 3);
  const before = process.memoryUsage().rss;
  expect(readOutput(path, mask).output).toMatch(/^the beginning\nx+\ny[^\n]*\n… about 8,192 MB left out …/);
  expect(process.memoryUsage().rss - before).toBeLessThan(30 * 1024 * 1024);
});

test("the secrets of the environment and of the project's .env files are masked, those of an example file are not", () => {
  const path = tempFolder();
  writeFiles(path, {
    '.env.local': 'API_KEY=local-key-1234',
    '.env.example': 'API_KEY=change-me-please',
    'config/secrets.env': 'DB_PASSWORD=copied-pass-1',
  });
  const mask = createAttemptMask(
    [],
    { PATH: '/usr/bin', GITHUB_TOKEN: 'token-of-env' },
    { ...project, path, copy: ['config/secrets.env', 'none.env'] },
  );
  expect(mask('local-key-1234 change-me-please copied-pass-1 token-of-env /usr/bin')).toBe(
    '[masked: API_KEY] change-me-please [masked: DB_PASSWORD] [masked: GITHUB_TOKEN] /usr/bin',
  );
});

test('of a copied folder the .env files are masked, wherever they lie in it', () => {
  const path = tempFolder();
  writeFiles(path, {
    'config/.env': 'API_KEY=top-key-1234',
    'config/eu/prod.env': 'DB_PASSWORD=deep-pass-1',
    'config/eu/.env.example': 'API_KEY=change-me-please',
    'config/eu/notes.txt': 'API_KEY=only-words',
    'other/.env': 'API_KEY=not-copied-key',
  });
  const mask = createAttemptMask([], {}, { ...project, path, copy: ['config'] });
  expect(mask('top-key-1234 deep-pass-1 change-me-please only-words not-copied-key')).toBe(
    '[masked: API_KEY] [masked: DB_PASSWORD] change-me-please only-words not-copied-key',
  );
});
