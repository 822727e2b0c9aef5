import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

const documents = ['README.md', ...globSync('docs/**/*.md')];
const pictures = documents.flatMap((document) =>
  [...readFileSync(document, 'utf8').matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map((match) => ({
    document,
    alt: match[1] ?? '',
    path: join(dirname(document), match[2] ?? ''),
  })),
);

test('the README and the tour have pictures', () => {
  const named = pictures.map(({ document }) => document);
  expect(named).toContain('README.md');
  expect(named).toContain(join('docs', 'tour.md'));
});

test.each(pictures)('$document: $path is there, is small, and says what it shows', ({ path, alt }) => {
  expect(existsSync(path)).toBe(true);
  expect(statSync(path).size).toBeLessThan(150_000);
  expect(alt.length).toBeGreaterThan(15);
});

test('no picture is kept that no page shows', () => {
  const shown = pictures.map(({ path }) => path);
  expect(globSync('docs/pictures/*').filter((path) => !shown.includes(path))).toEqual([]);
});
