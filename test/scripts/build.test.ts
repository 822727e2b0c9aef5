import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-build-'));
  const { status, stdout } = spawnSync(process.execPath, ['scripts/build.ts', join(folder, 'dist')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const built = (pattern: string): string[] => globSync(pattern, { cwd: join(folder, 'dist') }).sort();

test('every module of the source is there as JavaScript, and no source', () => {
  const modules = globSync('**/*.ts', { cwd: 'src' }).sort();
  expect(built('**/*.js')).toEqual(expect.arrayContaining(modules.map((path) => path.replace(/\.ts$/, '.js'))));
  expect(built('**/*.ts')).toEqual([]);
});

test('no module asks for a source file', () => {
  const asking = built('**/*.js').filter((path) =>
    /(?:from|import)\s*\(?\s*['"]\.[^'"]*\.ts['"]/.test(readFileSync(join(folder, 'dist', path), 'utf8')),
  );
  expect(asking).toEqual([]);
});

test('what is no module is there byte for byte', () => {
  const assets = globSync('src/**/*.*').filter((path) => !path.endsWith('.ts') && statSync(path).isFile());
  expect(assets).toContain(join('src', 'web', 'page', 'index.html'));
  for (const asset of assets) {
    expect(readFileSync(join(folder, 'dist', asset.slice('src/'.length)), 'base64')).toBe(
      readFileSync(asset, 'base64'),
    );
  }
});

test('the bin of the package can be started by its name', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { nightdesk: string } };
  const path = join(folder, bin.nightdesk);
  expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(statSync(path).mode & 0o111).toBe(0o111);
});
