import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { readBroken, type BrokenCommand } from '../../../src/model/grammar/read-broken.ts';
import { malformedCommands } from '../../fixtures/malformed-commands.ts';

const read = (text: string): BrokenCommand | undefined => readBroken(text, { commandName: '/claude' });
const broken = 'schedule ';

test.each<[string, BrokenCommand['fields']]>([
  [
    'fix it --when "weekdyas 2am" --project appi --accept "$ npm test" --accept "it is fast" --budget 5eur',
    { goal: 'fix it', when: 'weekdyas 2am', project: 'appi', accept: ['$ npm test', 'it is fast'], budget: '5eur' },
  ],
  ['fix "the login --project api', { goal: 'fix "the login', project: 'api' }],
  ['"fix the login --project api', { goal: 'fix the login', project: 'api' }],
  ['fix the login" --project api', { goal: 'fix the login', project: 'api' }],
  ['make `npm test pass --retries 2', { goal: 'make `npm test pass', retries: '2' }],
  ['fix it --when "weekdays at 2am', { goal: 'fix it', when: 'weekdays at 2am' }],
  ['fix it --wehn tonight', { goal: 'fix it', when: 'tonight' }],
  ['fix it -project api', { goal: 'fix it', project: 'api' }],
  ['fix it --cron "30 7 * * 1-5"', { goal: 'fix it', when: '30 7 * * 1-5' }],
  ['fix it —tz New York', { goal: 'fix it', zone: 'New York' }],
  ['fix it --name my job', { goal: 'fix it', name: 'my job' }],
  ['fix it --accept "$ npm test" "it is fast"', { goal: 'fix it', accept: ['$ npm test', 'it is fast'] }],
  ['fix it --when tonight --when "at 2am"', { goal: 'fix it', when: 'tonight or at 2am' }],
  ['fix it --when --project api', { goal: 'fix it', when: '', project: 'api' }],
  ['fix it --when ""please', { goal: 'fix it', when: 'please' }],
  ['fix it --when "" --project api', { goal: 'fix it', when: '', project: 'api' }],
  ['fix it --accept ""breaking\\" changes', { goal: 'fix it', accept: ['breaking\\" changes'] }],
  ['fix it --access" "docs are there"', { goal: 'fix it', accept: ['docs are there'] }],
  ['fix it --proje\u0000pi', { goal: 'fix it', project: '' }],
  ['fix it --timeout', { goal: 'fix it', timeout: '' }],
  ['--when tonight fix the tests', { when: 'tonight fix the tests' }],
  ['--retries many\nfix it\n  - and that', { retries: 'many', goal: 'fix it\n  - and that' }],
  ['fix\u0000 it \ud800', { goal: 'fix it \ufffd' }],
  ['', {}],
])('of “schedule %s” each field is kept as typed', (text, fields) => {
  expect(read(broken + text)).toEqual({ name: 'schedule', fields });
});

test.each<[string, BrokenCommand]>([
  ['edit', { name: 'edit', fields: {} }],
  ['edit upgrade-deps', { name: 'edit', target: 'upgrade-deps', fields: {} }],
  ['edit `deps` --when wekdays', { name: 'edit', target: 'deps', fields: { when: 'wekdays' } }],
  ['edit deps --add" "b"', { name: 'edit', target: 'deps', fields: {}, addAccept: ['b'] }],
  ['edit deps make it fast', { name: 'edit', target: 'deps', fields: { goal: 'make it fast' } }],
  ['edit deps mind --goal "make it fast"', { name: 'edit', target: 'deps', fields: { goal: 'mind\nmake it fast' } }],
  [
    'edit deps --add-accept "$ a" --drop-accept 1 --budget none --model none --timeout 2',
    {
      name: 'edit',
      target: 'deps',
      fields: { budget: '', model: '', timeout: '2' },
      addAccept: ['$ a'],
      dropAccept: ['1'],
    },
  ],
  ['edit --when tonight', { name: 'edit', fields: { when: 'tonight' } }],
  ['edit deps --accept none', { name: 'edit', target: 'deps', fields: { accept: [] } }],
])('of “%s” the job and what was to change are kept', (text, command) => {
  expect(read(text)).toEqual(command);
});

test.each(['lst', 'run', 'fix the tests', 'shcedule fix it', ''])(
  '“%s” leaves nothing to be mended in a form',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Words of a text that are in none of the fields that were read; the words of commands and flags aside. */
function lostWords(text: string): string[] {
  const kept = read(text);
  if (kept === undefined) return [];
  const { target = '', fields, addAccept = [], dropAccept = [] } = kept;
  const values = [target, ...Object.values(fields).flat(), ...addAccept, ...dropAccept].join(' ');
  const all = values.replaceAll(/[\u200b-\u200f]/g, '');
  const typed = text.replaceAll('\0', '');
  const flags = [...typed.matchAll(/[-‐‑−‒–—―﹘－][^\s"=]*/gu)].flatMap(([word]) => wordsOf(word.toLowerCase()));
  const others = new Set(['claude', 'schedule', 'edit', 'none', ...flags]);
  return wordsOf(typed).filter((word) => !others.has(word.toLowerCase()) && !all.includes(word));
}

test('no word of a malformed command is lost, whatever is cut out of it', () => {
  const cut = fc.tuple(fc.constantFrom(...malformedCommands), fc.nat(120), fc.integer({ min: 0, max: 12 }));
  fc.assert(
    fc.property(cut, ([{ text }, at, size]) => {
      expect(lostWords(text.slice(0, at) + text.slice(at + size, 20_000))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test.each(['“', '»', "'a ", '”', '`` `', '--accept a ', '\r\n--name x\r\n', '\\"', '--wehn x '])(
  'a text full of %j is read in no time',
  (unit) => {
    const startMs = performance.now();
    read(`schedule x ${unit.repeat(19_000 / unit.length)}`);
    expect(performance.now() - startMs).toBeLessThan(2_500);
  },
);

test.each(['`', '\\``'])('a text full of %j, backticks without a partner, holds nothing up', (unit) => {
  const startMs = performance.now();
  read(`schedule x ${unit.repeat(19_000 / unit.length)}`);
  expect(performance.now() - startMs).toBeLessThan(500);
});
