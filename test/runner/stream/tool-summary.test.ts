import { expect, test } from 'vitest';

import { summarizeTool } from '../../../src/runner/stream/tool-summary.ts';

const context = { cwd: '/work/api', clean: (text: string) => text };

test.each([
  ['Bash', { command: 'npm test', description: 'Run the tests' }, 'npm test'],
  ['Bash', { command: 'cat <<EOF\nhello\nEOF' }, 'cat <<EOF …'],
  ['Bash', {}, 'Bash'],
  ['Edit', { old_string: 'a', file_path: '/work/api/src/a.ts' }, 'Edit src/a.ts'],
  ['Write', { file_path: 'src/a.ts', content: 'x' }, 'Write src/a.ts'],
  ['Read', { file_path: '/etc/hosts' }, 'Read /etc/hosts'],
  ['Read', { file_path: '/work/api-two/a.ts' }, 'Read /work/api-two/a.ts'],
  ['Grep', { pattern: 'TODO', path: 'src' }, 'Grep TODO'],
  ['Agent', { description: 'Look around', prompt: 'Look for callers' }, 'Agent Look around'],
  ['WebFetch', { url: 'https://example.org/', prompt: 'x' }, 'WebFetch https://example.org/'],
  ['mcp__github__create_issue', { title: 'It fails' }, 'github: create_issue It fails'],
  ['SomethingNew', { count: 3, items: [] }, 'SomethingNew'],
])('%s %j in a line is "%s"', (name, input, summary) => {
  expect(summarizeTool(name, input, context)).toBe(summary);
});
