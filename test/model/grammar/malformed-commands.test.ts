import { expect, test } from 'vitest';

import type { Command } from '../../../src/model/command.ts';
import { parseCommand } from '../../../src/model/grammar/parse-command.ts';
import { UserError } from '../../../src/model/user-error.ts';
import { malformedCommands } from '../../fixtures/malformed-commands.ts';

const parse = (text: string): Command => parseCommand(text, { commandName: '/claude' });

function refusalOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('it was read');
}

/** What stands behind `Example:`, as a whole command. */
function exampleIn(message: string): string {
  const [, inline, below] = /Example:(?: `([^`]+)`\.|\n([^]+))$/.exec(message) ?? [];
  const example = inline ?? below ?? '';
  return example.startsWith('--') ? `schedule fix it ${example}` : example;
}

const rows = malformedCommands.map(({ text, says }) => ({ text, says, title: JSON.stringify(text).slice(0, 80) }));

test('there are more than two hundred of them, no two alike', () => {
  expect(new Set(malformedCommands.map(({ text }) => text)).size).toBe(malformedCommands.length);
  expect(malformedCommands.length).toBeGreaterThan(200);
});

test.each(rows)(
  '$title is refused with what was given, what is allowed and an example that works',
  ({ text, says }) => {
    const message = refusalOf(text);
    expect(message.startsWith(says)).toBe(true);
    const allowed = message.slice(says.length, message.lastIndexOf('Example:'));
    expect(allowed).toMatch(/\S+ \S+ \S+.*[.`] $/s);
    expect(message.length).toBeLessThan(900);
    expect(parse(exampleIn(message)).name).toBeTypeOf('string');
  },
);

test('the command is named as the configuration names it', () => {
  expect(() => parseCommand('lst', { commandName: '/night' })).toThrow('Example: `/night list`.');
});

test('a text that looks like a goal is shown with `schedule` in front, with its line breaks and backticks', () => {
  expect(refusalOf('make `npm test` pass\nand say why it failed')).toContain(
    'Example:\n/claude schedule make `npm test` pass\nand say why it failed',
  );
});

test('a refusal shows nothing of direction marks and control characters that were typed', () => {
  expect(refusalOf('show \u202egpj.\u0007x')).toContain('`gpj. x`');
});

test('a name that cannot be taken comes with one that can', () => {
  expect(refusalOf('schedule fix it --name "Größe prüfen"')).toContain('Example: `--name grosse-prufen`.');
});
