import { ComponentType } from 'discord.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { isShowSelect, renderComponents } from '../../../src/bots/discord/components.ts';
import { renderCard, renderCards, renderText } from '../../../src/bots/discord/render.ts';
import {
  bold,
  buttons,
  claudeSays,
  code,
  dateTime,
  line,
  link,
  output,
  person,
  type Block,
  type Message,
} from '../../../src/model/message.ts';

const page = { pageUrl: () => 'https://desk.example' };
const noPage = { pageUrl: () => undefined };
const at = new Date('2026-11-22T02:00:00Z');

const headline: Message = [
  line('✅ ', bold('upgrade-deps'), ' ', link('/runs/r142', 'r142'), ' ', 'succeeded on attempt 2', ' · ', '21 min'),
  line('checks: ', code('npm test'), ' failed before, passes now'),
  line('branch ', code('nightdesk/upgrade-deps/r142'), ' · ', '9 files, +214 −187'),
  claudeSays('14 dependencies raised. **Done**'),
  buttons({ kind: 'retry', target: 'r142' }, { kind: 'log', target: 'r142' }),
];

test("a run's message is a card: its name as the title, labelled lines as fields, its state as the colour", () => {
  expect(renderCards(headline, page)).toEqual([
    {
      title: '✅ upgrade-deps r142',
      url: 'https://desk.example/runs/r142',
      description: 'succeeded on attempt 2 · 21 min\nbranch `nightdesk/upgrade-deps/r142` · 9 files, +214 −187',
      color: 0x2e_a0_43,
      fields: [
        { name: 'Checks', value: '`npm test` failed before, passes now' },
        { name: 'Claude says', value: '14 dependencies raised. **Done**' },
      ],
    },
  ]);
});

test.each(['http://127.0.0.1:7433', 'http://localhost:7433', 'http://desk_1:80'])(
  'at %s, which Discord takes for no address of a card, the link stands in its text',
  (url) => {
    const [card] = renderCards(headline, { pageUrl: () => url });
    expect(card?.url).toBeUndefined();
    expect(card?.title).toBe('✅ upgrade-deps r142');
    expect(card?.description).toContain('/runs/r142>) succeeded on attempt 2');
  },
);

test('a job is told with persons and times as Discord shows them, to nobody in particular', () => {
  const message: Message = [
    line(link('/jobs/deps', 'deps'), ' scheduled by ', person('discord:123456789012345678'), ': weekdays'),
    line('next, in your time: ', dateTime(at)),
    line('asked for by ', person('web:ada_l'), ' at ', { kind: 'time', atMs: at.getTime(), style: 'time' }),
  ];
  expect(renderCard(message, noPage)).toEqual({
    title: 'deps',
    description: 'scheduled by <@123456789012345678>: weekdays\nasked for by @ada\\_l at <t:1795312800:t>',
    color: 0x38_8b_fd,
    fields: [{ name: 'Next, in your time', value: '<t:1795312800:f>' }],
  });
});

test.each([
  ['⏳', 0x38_8b_fd],
  ['❌', 0xd1_24_2f],
  ['⏱️', 0xdb_6d_28],
  ['❔', 0xd2_99_22],
  ['🛑', 0x8b_94_9e],
])('the colour of %s', (mark, color) => {
  expect(renderCard([line(`${mark} `, bold('a'), ' ended')], page).color).toBe(color);
});

test('a digest is one text, with its links to the page', () => {
  const message: Message = [
    line(bold('Night to Monday'), ': 2 runs'),
    line('❌ ', bold('a'), ' ', link('https://desk.example/runs/r1', 'r1'), ' failed'),
  ];
  expect(renderCards(message, page)).toEqual([
    {
      description: '**Night to Monday**: 2 runs\n❌ **a** [r1](<https://desk.example/runs/r1>) failed',
      color: 0xd1_24_2f,
    },
  ]);
});

test('in a thread everything is text, and what Claude wrote is a quote that nothing leaves', () => {
  const message = [
    line('attempt 1: ', code('npm test'), ' exits 1'),
    output('1 failed\n'),
    claudeSays('**odd\n```\nx'),
  ];
  expect(renderText(message, page)).toEqual([
    'attempt 1: `npm test` exits 1\n```\n1 failed\n```\nClaude says:\n> **odd\n> ```\n> x\n> ```',
  ]);
});

test.each([
  [link('/runs/r1', 'r1'), 'r1'],
  [link('https://evil.example/', 'https://bank.example'), 'https\\://bank.example (<https://evil.example/>)'],
  [link('javascript:alert(1)', 'r1'), 'r1'],
  [link('https://a.example/x)*', 'a]b'), '[a\\]b](<https://a.example/x)%2A>)'],
  [bold('a**b'), '**a\\*\\*b**'],
])('%j is written as %s where there is no page', (inline, written) => {
  expect(renderText([line(inline)], noPage)).toEqual([written]);
});

const text = fc.string({ maxLength: 3_000, unit: fc.constantFrom('a', ' ', '\n', '*', '`', '_', '😀', '<', '@', '-') });
const block: fc.Arbitrary<Block> = fc.oneof(
  text.map((each) => line(each.replaceAll('\n', ' '))),
  text.map((each) => line('checks: ', code(each), ' ', bold(each.slice(0, 300)))),
  text.map(output),
  text.map(claudeSays),
);

test("no message breaks Discord's limits, as cards or as text", () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 30 }), (message) => {
      for (const part of renderText(message, page)) expect(part.length).toBeLessThanOrEqual(2_000);
      for (const card of [...renderCards(message, page), renderCard(message, page)]) {
        const fields = card.fields ?? [];
        const texts = [card.title ?? '', card.description ?? '', ...fields.flatMap(({ name, value }) => [name, value])];
        expect(texts.join('').length).toBeLessThanOrEqual(6_000);
        expect((card.description ?? '').length).toBeLessThanOrEqual(4_096);
        expect(fields.length).toBeLessThanOrEqual(25);
        for (const { name, value } of fields) {
          expect(value.trim()).not.toBe('');
          expect(value.length).toBeLessThanOrEqual(1_024);
          expect(name.length).toBeLessThanOrEqual(256);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('a long output is cut into blocks that each render on their own', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${'x'.repeat(20)}`);
  const parts = renderText([output(lines.join('\n'))], page);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) expect(part).toMatch(/^```\n[^`]*\n```$/);
  expect(parts.flatMap((part) => part.split('\n').filter((each) => each.startsWith('line')))).toEqual(lines);
});

test('buttons stand in a row, those that end something in red', () => {
  const [row] = renderComponents([buttons({ kind: 'run', target: 'a' }, { kind: 'delete', target: 'a' })]);
  expect(row?.components).toEqual([
    { type: 2, style: 1, label: 'Run now', custom_id: 'nd:run:a' },
    { type: 2, style: 4, label: 'Delete', custom_id: 'nd:delete:a' },
  ]);
  expect(renderComponents([line('no buttons')])).toEqual([]);
});

test('a list of jobs has menus of them instead of buttons that would not say whose they are', () => {
  const list = Array.from({ length: 30 }, (_, index) => [
    line(`job-${index}`),
    buttons({ kind: 'run', target: `job-${index}` }, { kind: 'edit', target: `job-${index}` }),
  ]).flat();
  const rows = renderComponents(list);
  const menus = rows.flatMap(({ components }) => components.filter((each) => each.type === ComponentType.StringSelect));
  expect(menus.map(({ options }) => options.length)).toEqual([25, 5]);
  expect(menus[0]?.options[0]).toEqual({ label: 'job-0', value: 'job-0' });
  expect(new Set(menus.map(({ custom_id: id }) => id)).size).toBe(2);
  expect(menus.every(({ custom_id: id }) => isShowSelect(id))).toBe(true);
});
