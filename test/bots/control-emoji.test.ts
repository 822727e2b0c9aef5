import { expect, test } from 'vitest';

import { findControl } from '../../src/bots/control-emoji.ts';

test.each([
  ['🔁', 'retry'],
  ['🔄', 'retry'],
  ['🛑', 'cancel'],
  ['🛑\uFE0F', 'cancel'],
  ['❌', undefined],
])('%s means %s', (emoji, control) => {
  expect(findControl(emoji)).toBe(control);
});
