import { expect, test } from 'vitest';

import type { EditCommand } from '../../../src/model/command.ts';
import { parseCommand } from '../../../src/model/grammar/parse-command.ts';

const parse = (text: string) => parseCommand(text, { commandName: '/claude' });

test.each<[string, Partial<EditCommand>]>([
  ['--when "weekdays at 3am"', { when: 'weekdays at 3am' }],
  ['--when none', { when: null }],
  ['--when on demand', { when: null }],
  ['--budget none --model NONE', { budgetUsd: null, model: null }],
  ['--budget $7.50 --model opus', { budgetUsd: 7.5, model: 'opus' }],
  ['--goal "mend\n\nit all"', { goal: 'mend\n\nit all' }],
  ['--goal mend it all --retries 0', { goal: 'mend it all', retries: 0 }],
  ['--accept "$ a" --accept b2', { accept: ['$ a', 'b2'] }],
  ['--accept none', { accept: [] }],
  [
    '--add-accept "$ npm run lint" —drop-accept 2 --drop-accept "$ npm test"',
    { addAccept: ['$ npm run lint'], dropAccept: ['2', '$ npm test'] },
  ],
  ['--timeout 45 min --notify never --project web', { timeoutMs: 2_700_000, notify: 'never', project: 'web' }],
  ['--overlap cancel --catch-up skip', { overlap: 'cancel', catchUp: 'skip' }],
  ['--zone berlin --name other', { zone: 'Europe/Berlin', jobName: 'other' }],
])('edit with %j changes that alone', (flags, change) => {
  const command = { name: 'edit', target: 'upgrade-deps', addAccept: [], dropAccept: [], ...change };
  expect(parse(`edit upgrade-deps ${flags}`)).toEqual(command);
  expect(parse(`edit upgrade-deps\n${flags}`)).toEqual(command);
});

test.each([
  ['schedule fix it --goal x', 'fix it --goal x'],
  ['schedule fix it --add-accept x', 'fix it --add-accept x'],
])('what only edit takes is text in %s', (text, goal) => {
  expect(parse(text)).toMatchObject({ name: 'schedule', goal });
});
