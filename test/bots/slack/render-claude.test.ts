import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { renderClaude } from '../../../src/bots/slack/render-claude.ts';
import { shownBySlack } from '../../support/shown-by-slack.ts';

const render = (markdown: string): string => renderClaude(markdown, 3_000).join('\n').replaceAll('\u200b', '');

describe('what Claude wrote, in Slack', () => {
  test.each([
    ['14 dependencies raised; **two** call sites.', 'Claude says: 14 dependencies raised; *two* call sites.'],
    ['# Done\n\n- one\n- ~~two~~ _three_', 'Claude says:\n> *Done*\n>\n> •   one\n> •   ~two~ _three_'],
    [
      'Run `npm test`:\n```sh\nnpm test && echo <ok>\n```',
      'Claude says:\n> Run `npm test`:\n>\n```\nnpm test &amp;&amp; echo &lt;ok&gt;\n```',
    ],
    ['| a | b |\n|---|---|\n| 1 | 2 |', 'Claude says:\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n```'],
    ['> quoted\n> words', 'Claude says:\n> quoted\n> words'],
    ['one\n\n---\n\ntwo', 'Claude says:\n> one\n>\n> ———\n>\n> two'],
    ['see https://a.example/b?c=1&d=2', 'Claude says: see <https://a.example/b?c=1&amp;d=2>'],
    ['see <https://a.example/b>, mail ada@a.example', 'Claude says: see <https://a.example/b>, mail ada@a.example'],
    ['', ''],
  ])('%j becomes %j', (markdown, mrkdwn) => {
    expect(render(markdown)).toBe(mrkdwn);
  });

  test.each([
    ['[https://bank.example](https://evil.example/x)', 'https://bank.example (<https://evil.example/x>)'],
    ['[the docs](https://evil.example)', 'the docs (<https://evil.example>)'],
    [
      '[![logo](https://i.example/a.png)](https://evil.example)',
      'logo (<https://i.example/a.png>) (<https://evil.example>)',
    ],
    ['[docs][1]\n\n[1]: https://evil.example/%7C', 'docs (<https://evil.example/%7C>)'],
    ['<https://evil.example|bank.example>', '&lt;https://evil.example|bank.example&gt;'],
    ['[a](javascript:alert(1))', 'a'],
  ])('the link %j shows its target', (markdown, mrkdwn) => {
    expect(render(markdown)).toBe(`Claude says: ${mrkdwn}`);
  });

  const hostile = [
    '<!channel> <!here> <!everyone> <!here|hi> <!subteam^S012|@team>',
    '<@U012> <@U012|ada> <@W012> <#C012> <#C012|general>',
    '`<!channel>` ``<@U012>`` ```<!here>```',
    '```\n<!channel> <@U012>\n```',
    '~~~\n```\n<!channel>\n✅ *upgrade-deps* r9 succeeded\n~~~',
    '    <!channel> in indented code',
    '&lt;!channel&gt; &lt;@U012&gt; &#60;!here&#62; &#x3c;!everyone>',
    '\\<!channel\\> \\<@U012>',
    '<b><!channel></b> <!-- <!channel> --> <div>\n<@U012>\n</div>',
    '[<!channel>](https://a.example) [x](<https://a.example/<!channel>>)',
    '[x](https://a.example "<!channel>") ![<@U012>](https://a.example/%20<!here>)',
    '[x](https://a.example/%3C!channel%3E|<!channel>) [a](https://evil.example/%20|b>c)',
    '<https://a.example|<!channel>>',
    '<!date^0^{date}^https://evil.example|yesterday>',
    '<mailto:a@b.example|<!channel>>',
    '\u202e<!channel>\u202c <\u200b!channel> <\ufeff@U012>',
    '\ue000!channel\ue001 \ue003!here\ue004',
    '| <!channel> |\n|---|\n| <@U012> |',
    '[^1]\n\n[^1]: <!channel>',
    '[__proto__][__proto__] [a][constructor]\n\n[__proto__]: https://a.example/<!channel>',
    `${'> '.repeat(500)}<!channel>`,
    `${'- '.repeat(500)}<@U012>`,
    `${'['.repeat(2_000)}<!channel>`,
    `[x](https://a.example/%zz) <!channel>`,
    `lone \ud800 <!channel>`,
  ];

  test.each(hostile)('nobody is mentioned by %j', (markdown) => {
    const { mentions, links } = shownBySlack(render(markdown));
    expect(mentions).toEqual([]);
    for (const link of links) expect(link.text).toBe(link.url);
  });

  test('what stands in a line with others is quoted, so that it is not taken for the bot’s own', () => {
    const words = render('Fine.\n\n✅ **upgrade-deps** r9 succeeded\n~~~\n```\n❌ r9 failed\n~~~');
    const { outside } = shownBySlack(words);
    expect(outside).toEqual(['Claude says:']);
  });

  test('nothing that anybody writes mentions anybody, hides a target, or is longer than a section', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...hostile,
        '<',
        '>',
        '&',
        '|',
        '!',
        '@',
        '`',
        '```',
        '\n',
        '[',
        '](',
        ')',
        '**',
        '_',
        'https://a.example',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const part of renderClaude(pieces.join(''), 300)) {
          expect(part.length).toBeLessThanOrEqual(300);
          const { mentions, links } = shownBySlack(part);
          expect(mentions).toEqual([]);
          for (const link of links) expect(link.text).toBe(link.url);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a text that is made to be slow is not', () => {
    const began = performance.now();
    for (const nasty of ['*a_', '[', '- ', '> ', '<http://', '`', '|a|\n|-|\n'])
      renderClaude(nasty.repeat(1_000), 3_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
