import { isDeepStrictEqual } from 'node:util';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { commandSchema, type Command } from '../../../src/model/command.ts';
import { parseCommand } from '../../../src/model/grammar/parse-command.ts';
import { UserError } from '../../../src/model/user-error.ts';
import { malformedCommands } from '../../fixtures/malformed-commands.ts';

const parse = (text: string): Command => parseCommand(text, { commandName: '/claude' });

const commandWords = 'schedule list show pause resume run cancel retry delete history log help all until for'.split(
  ' ',
);
const flags =
  '--project —when –accept --timeout --retries --budget --name --zone --notify --model --accpet --coverage -project'.split(
    ' ',
  );
const marks = '-- — = : " “ ” \' ’ ‘ « » „ ` ``` \\ \\" $'.split(' ');
const words = ['2h', '5', 'api', 'r142', "don't", 'tonight', 'fix the tests', '👩‍💻', '名前', '\ud800', '\0'];
const spaces = [' ', ' ', ' ', '\n', '\r\n', '\t', '\u200b', '\u202e', '\ufeff'];
const pieces = fc.constantFrom(...commandWords, ...flags, ...marks, ...words, ...spaces);
const mess = fc
  .array(
    fc.oneof({ weight: 5, arbitrary: pieces }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) }),
    {
      maxLength: 25,
    },
  )
  .map((parts) => parts.join(''));

/** What becomes of a text; throws whatever is neither a command nor a refusal for people. */
function outcomeOf(text: string): { command: Command } | { refusal: string } {
  try {
    return { command: parse(text) };
  } catch (error) {
    if (error instanceof UserError) return { refusal: error.message };
    throw error;
  }
}

function isCommandOrRefusal(text: string): boolean {
  const outcome = outcomeOf(text);
  if ('refusal' in outcome) return /Example:[ \n]/.test(outcome.refusal);
  return isDeepStrictEqual(commandSchema.parse(outcome.command), outcome.command);
}

test('whatever is typed is either a command or a refusal for people', () => {
  const texts = fc.oneof(
    mess,
    mess.map((text) => `schedule ${text}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(text).toSatisfy(isCommandOrRefusal);
    }),
    { numRuns: 5000 },
  );
});

test('a malformed command with something cut out of it is still a command or a refusal', () => {
  const cut = fc.tuple(fc.constantFrom(...malformedCommands), fc.nat(120), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(cut, ([{ text }, at, size]) => {
      expect(text.slice(0, at) + text.slice(at + size)).toSatisfy(isCommandOrRefusal);
    }),
    { numRuns: 1000 },
  );
});

/** Lines of words without quotes, backticks, backslashes and dashes. */
const plainGoal = fc
  .string({
    unit: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.constantFrom(' ', '\n', '\r\n')),
  })
  .filter((text) => !/["“”„«»「'‘’‚`\\\p{Pd}−\0]/u.test(text))
  .map((text) => `fix ${text}`);

test('a goal without flags comes back exactly, with flags behind it too', () => {
  fc.assert(
    fc.property(plainGoal, (goal) => {
      expect(parse(`schedule ${goal}`)).toMatchObject({ goal: goal.trim() });
      expect(parse(`schedule ${goal} --retries 2`)).toMatchObject({ goal: goal.trim(), retries: 2 });
      expect(parse(`schedule --retries 2\n${goal}`)).toMatchObject({ goal: goal.trim(), retries: 2 });
    }),
    { numRuns: 500 },
  );
});

test('any text in quotes or in a fence comes back exactly, whatever flags are in it', () => {
  const inside = mess.filter((text) => !/[\\`\0]/.test(text) && text.isWellFormed()).map((text) => `fix ${text} it`);
  fc.assert(
    fc.property(inside, (text) => {
      const quoted = `"${text.replaceAll('"', '\\"')}"`;
      expect(parse(`schedule ${quoted} --retries 2`)).toEqual({ name: 'schedule', goal: text, accept: [], retries: 2 });
      const fenced = `mind this:\n\`\`\`\n${text}\n\`\`\``;
      expect(parse(`schedule ${fenced} --retries 2`)).toEqual({
        name: 'schedule',
        goal: fenced,
        accept: [],
        retries: 2,
      });
      expect(parse(`retry r1 ${fenced}`)).toEqual({ name: 'retry', target: 'r1', note: fenced });
    }),
    { numRuns: 1000 },
  );
});

test.each(['“', '»', "'a ", `'a" `, '”', '`` `', '--accept a ', '\r\n--name x\r\n', '\u200b-', '\\"', ' \n'])(
  'a text full of %j is answered in no time',
  (unit) => {
    const startMs = performance.now();
    expect(`schedule x ${unit.repeat(19_000 / unit.length)}`).toSatisfy(isCommandOrRefusal);
    expect(performance.now() - startMs).toBeLessThan(2_500);
  },
);
