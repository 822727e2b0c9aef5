import { describe, expect, test } from 'vitest';

import { buttonId, parseButtonId, type Button } from '../../src/bots/button-id.ts';
import { actionKinds } from '../../src/model/message.ts';

describe('the id of a button', () => {
  test.each<Button>([
    ...actionKinds.map((kind) => ({ kind, target: 'r142' })),
    { kind: 'run', target: 'upgrade-deps' },
    { kind: 'fix-it', target: '17' },
    { kind: 'delete-confirmed', target: 'upgrade-deps' },
  ])('of $kind $target is read back', (button) => {
    expect(parseButtonId(buttonId(button))).toEqual(button);
  });

  test('is short enough for Discord with the longest name that a job can have', () => {
    const longest = Math.max(...actionKinds.map((kind) => buttonId({ kind, target: 'a'.repeat(50) }).length));
    expect(longest).toBeLessThanOrEqual(100);
    expect(parseButtonId(buttonId({ kind: 'delete-confirmed', target: 'a'.repeat(50) }))).toBeDefined();
  });

  test.each([
    ['another bot’s', 'approve:1'],
    ['an unknown kind', 'nd:explode:r1'],
    ['no target', 'nd:retry:'],
    ['no kind', 'nd::r1'],
    ['something in front', 'x nd:retry:r1'],
    ['a line break', 'nd:retry:r1\nr2'],
    ['what is in every object', 'nd:constructor:r1'],
    ['nothing', ''],
  ])('is none with %s', (_, id) => {
    expect(parseButtonId(id)).toBeUndefined();
  });
});
