import { expect, test } from 'vitest';

import { buttonCommand } from '../../src/bots/button-command.ts';
import type { Button } from '../../src/bots/button-id.ts';
import { commandSchema } from '../../src/model/command.ts';

test.each<[Button, object]>([
  [
    { kind: 'retry', target: 'r142' },
    { name: 'retry', target: 'r142' },
  ],
  [
    { kind: 'cancel', target: 'r142' },
    { name: 'cancel', target: 'r142' },
  ],
  [
    { kind: 'log', target: 'r142' },
    { name: 'log', target: 'r142' },
  ],
  [
    { kind: 'run', target: 'tidy' },
    { name: 'run', target: 'tidy' },
  ],
  [
    { kind: 'pause', target: 'tidy' },
    { name: 'pause', target: 'tidy' },
  ],
  [
    { kind: 'resume', target: 'tidy' },
    { name: 'resume', target: 'tidy' },
  ],
  [
    { kind: 'delete', target: 'tidy' },
    { name: 'delete', target: 'tidy' },
  ],
  [
    { kind: 'delete-confirmed', target: 'tidy' },
    { name: 'delete', target: 'tidy' },
  ],
])('a click on %o is a command', (button, command) => {
  expect(buttonCommand(button)).toEqual(command);
  expect(commandSchema.parse(buttonCommand(button))).toEqual(command);
});

test('a retry with a note carries the note, and without words none', () => {
  const button = { kind: 'retry-with-note', target: 'r142' } as const;
  expect(buttonCommand(button, ' use the new client ')).toEqual({
    name: 'retry',
    target: 'r142',
    note: 'use the new client',
  });
  expect(buttonCommand(button, ' \n')).toEqual({ name: 'retry', target: 'r142' });
});

test.each(['edit', 'fix-it'] as const)('%s opens a form and is no command', (kind) => {
  expect(buttonCommand({ kind, target: '17' })).toBeUndefined();
});
