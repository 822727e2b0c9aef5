import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { allPlatforms } from './support/platforms/all-platforms.ts';

const text = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8');
const section = text.split('## The same on every platform\n')[1]?.split('\n## ')[0] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('| ---'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

test('the table of sameness has a column for every platform, and no cell of it is empty', () => {
  const [head = [], ...things] = rows;
  expect(
    head
      .slice(1)
      .map((name) => name.replace('the page', 'web').toLowerCase())
      .sort(),
  ).toEqual(allPlatforms.map(({ name }) => name).sort());
  expect(things.length).toBeGreaterThan(20);
  for (const cells of things) expect(cells.filter((cell) => cell !== '')).toHaveLength(head.length);
});
