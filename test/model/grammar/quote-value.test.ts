import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { editFlags } from '../../../src/model/grammar/flag-sets.ts';
import { quoteValue } from '../../../src/model/grammar/quote-value.ts';
import { splitFlags } from '../../../src/model/grammar/split-flags.ts';

const readBack = (value: string) =>
  splitFlags(`--goal ${quoteValue(value)} --name last`, editFlags, { hasGoal: true }).flags;

test.each([
  ['api', 'api'],
  ['weekdays at 2am', '"weekdays at 2am"'],
  ['$ npm test', '"$ npm test"'],
  ['say "hello"', '``` say "hello" ```'],
  ['a ``` fence', '"a ``` fence"'],
])('%s is written %s', (value, written) => {
  expect(quoteValue(value)).toBe(written);
  expect(readBack(value)[0]?.value).toBe(value);
});

test('whatever a value has in it, the grammar reads it back', () => {
  const piece = fc.constantFrom('"', '“', '”', '`', '```', '\\', '--when', ' ', '\n', "'", '—', 'word', '$', '»', 'é');
  const values = fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      values.map((parts) => parts.join('').trim()).filter((text) => /[\p{L}\p{N}]/u.test(text)),
      (value) => {
        expect(readBack(value).map((flag) => [flag.name, flag.value])).toEqual([
          ['goal', value],
          ['name', 'last'],
        ]);
      },
    ),
  );
});
