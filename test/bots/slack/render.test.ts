import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

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
  type Inline,
  type Message,
} from '../../../src/model/message.ts';
import { previewBlock } from '../../../src/bots/slack/form-notes.ts';
import { renderMessage, renderPages } from '../../../src/bots/slack/render.ts';
import { shownBySlack } from '../../support/shown-by-slack.ts';

const options = { pageUrl: 'https://desk.example', notice: 'The rest is in the file.' };
const render = (message: Message) => renderMessage(message, options);
const textOf = (message: Message): string => render(message).text;

test('the preview of a schedule in cron shows all of its asterisks', () => {
  const sentence = 'cron */7 3-9 * * * (UTC)';
  expect(previewBlock({ ok: true, sentence, zone: 'UTC', instants: [] }).elements).toEqual([
    { type: 'mrkdwn', text: '*cron ∗/7 3-9 ∗ ∗ ∗ (UTC)*' },
  ]);
});

describe('a message in Slack', () => {
  test('lines that follow each other are one section, and the text of the notification', () => {
    const { text, blocks } = render([line('✅ ', bold('upgrade-deps'), ' r142 succeeded'), line('9 files')]);
    expect(text).toBe('✅ *upgrade-deps* r142 succeeded\n9 files');
    expect(blocks).toEqual([{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }]);
  });

  test.each<[string, Inline, string]>([
    ['text is escaped', 'a < b && c > d <!channel> <@U1>', 'a &lt; b &amp;&amp; c &gt; d &lt;!channel&gt; &lt;@U1&gt;'],
    ['hidden characters are left out', 'a\u202eb\u200bc\u0007d', 'abcd'],
    ['bold can’t be left early', bold('a*b <!here>'), '*a∗b &lt;!here&gt;*'],
    ['code can’t be left early', code('echo `date` <@U1>\n2'), '`echo ˋdateˋ &lt;@U1&gt; 2`'],
    ['a person of Slack is mentioned', person('slack:U012AB3CD'), '<@U012AB3CD>'],
    ['a person of elsewhere is named', person('web:ada'), '@ada'],
    ['a user group is not called', person('slack:S012AB3CD'), '@S012AB3CD'],
    ['a person’s id is nothing but an id', person('slack:U1> <!channel'), '@U1&gt; &lt;!channel'],
    [
      'an instant is in the reader’s zone',
      dateTime(new Date('2026-11-24T02:00:00Z')),
      '<!date^1795485600^{date_short_pretty} at {time}|Tue 24 Nov 2026, 02:00 UTC>',
    ],
    [
      'a time of day as well',
      { kind: 'time', atMs: 1_795_485_600_000, style: 'time' },
      '<!date^1795485600^{time}|02:00 UTC>',
    ],
    ['a link has its words', link('https://a.example/?b=1&c=2', 'x | y'), '<https://a.example/?b=1&amp;c=2|x ǀ y>'],
    ['a place of the page has its address', link('/runs/r142', 'r142'), '<https://desk.example/runs/r142|r142>'],
    ['a link can’t be left early', link('https://a.example/>|<!here>', 'x'), '<https://a.example/%3E%7C%3C!here%3E|x>'],
    ['an address of another kind is no link', link('javascript:alert(1)', 'x'), 'x'],
  ])('%s', (_, inline, mrkdwn) => {
    expect(textOf([line('> ', inline)])).toBe(`&gt; ${mrkdwn}`);
  });

  test('without a page its places are words', () => {
    expect(renderMessage([line(link('/runs/r142', 'r142'))], { ...options, pageUrl: undefined }).text).toBe('r142');
  });

  test('output is preformatted and can’t be left early', () => {
    expect(textOf([output('\n  1 failed\n```\n<!channel>\n\n')])).toBe('```\n  1 failed\nˋˋˋ\n&lt;!channel&gt;\n```');
  });

  test('a message of which nothing can be seen is no empty one, which Slack refuses', () => {
    expect(render([line('\u200b')])).toEqual({ text: '…', blocks: [] });
  });

  test('buttons carry what they do; what can’t be undone is red, and deleting asks first', () => {
    const { blocks } = render([
      line('x'),
      buttons(
        { kind: 'retry', target: 'r142' },
        { kind: 'cancel', target: 'r142' },
        { kind: 'delete', target: 'tidy-docs' },
      ),
    ]);
    expect(blocks[1]).toMatchObject({
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'nd:retry:r142', text: { type: 'plain_text', text: 'Retry' } },
        { action_id: 'nd:cancel:r142', style: 'danger' },
        { action_id: 'nd:delete:tidy-docs', style: 'danger', confirm: { title: { text: 'Delete this job?' } } },
      ],
    });
    expect(blocks[1]).not.toHaveProperty('elements.0.style');
  });

  test('a long output is cut into sections that each stand alone', () => {
    const { blocks } = render([output(Array.from({ length: 300 }, (_, index) => `line ${index} <&>`).join('\n'))]);
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) {
      const text = block.type === 'section' ? (block.text?.text ?? '') : '';
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(text).toMatch(/^```\n[\s\S]*\n```$/);
      expect(text.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/&/);
    }
  });

  test('what is longer than a message keeps its buttons, says where the rest is, and has it as text', () => {
    const long = Array.from({ length: 60 }, (_, index) => output(`${index} ${'x'.repeat(1_000)}`));
    const { text, blocks, rest } = render([line('first'), ...long, buttons({ kind: 'log', target: 'r1' })]);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(JSON.stringify(blocks)).toContain('The rest is in the file.');
    expect(blocks.at(-1)?.type).toBe('actions');
    expect(rest).toContain(`59 ${'x'.repeat(1_000)}`);
  });

  test('a list with buttons at each line becomes pages on which no button is far from its line', () => {
    const list = Array.from({ length: 60 }, (_, index) => [
      line(`job-${index}`),
      buttons({ kind: 'run', target: `job-${index}` }),
    ]).flat();
    const pages = renderPages(list, options);
    expect(pages.length).toBe(3);
    for (const { blocks } of pages) {
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(blocks[0]?.type).toBe('section');
      expect(blocks.at(-1)?.type).toBe('actions');
    }
  });

  test('Claude’s words are labelled and call nobody', () => {
    const { text } = render([line('done'), claudeSays('Hello <!channel>')]);
    expect(text).toBe('done\nClaude says: Hello &lt;!channel&gt;');
    expect(shownBySlack(text).mentions).toEqual([]);
  });

  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.lorem(),
    fc.constantFrom('<!channel>', '<@U012>', '```\n', '&'),
  );
  const texts = fc.tuple(text, fc.integer({ min: 1, max: 300 })).map(([piece, times]) => piece.repeat(times));
  const inline = fc.oneof(
    texts,
    texts.map(bold),
    texts.map(code),
    texts.map((words) => link(`/${words}`, words)),
  );
  const target = fc.constantFrom('r142', 'upgrade-deps');
  const action = fc.record({ kind: fc.constantFrom('retry' as const, 'cancel' as const, 'delete' as const), target });
  const block = fc.oneof(
    fc.array(inline, { maxLength: 5 }).map((content) => line(...content)),
    texts.map(output),
    texts.map(claudeSays),
    fc.array(action, { minLength: 1, maxLength: 5 }).map((actions) => buttons(...actions)),
  );

  test('whatever is in a message, Slack’s limits are kept and nobody is called', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 80 }), (message) => {
        const { rest: _, ...payload } = render(message);
        for (const { text, blocks } of [payload, ...renderPages(message, options)]) {
          expect(text.length).toBeLessThanOrEqual(4_000);
          expect(blocks.length).toBeLessThanOrEqual(50);
          expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(13_000);
          expect(shownBySlack(JSON.stringify([text, blocks])).mentions).toEqual([]);
          const sections = blocks.map((each) => (each.type === 'section' ? (each.text?.text.length ?? 0) : 0));
          expect(Math.max(0, ...sections)).toBeLessThanOrEqual(3_000);
        }
      }),
      { numRuns: 40 },
    );
  });
});
