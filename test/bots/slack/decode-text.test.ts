import { expect, test } from 'vitest';

import { decodeText } from '../../../src/bots/slack/decode-text.ts';

test.each([
  ['entities', 'a &amp;&amp; b &lt; c &gt; d', 'a && b < c > d'],
  ['an entity that was typed', '&amp;lt;', '&lt;'],
  ['a person with a name', 'edit tidy --owner <@U012AB|ada>', 'edit tidy --owner slack:U012AB'],
  ['a person without one', 'ask <@W9>', 'ask slack:W9'],
  ['a channel', 'post in <#C1|general>', 'post in #general'],
  ['a channel without a name', 'post in <#C1>', 'post in slack:C1'],
  ['a channel with an empty name', 'post in <#C1|>', 'post in slack:C1'],
  ['a group', 'for <!subteam^S1|@backend>', 'for @backend'],
  ['everybody', 'tell <!here> and <!channel|channel>', 'tell @here and channel'],
  ['a link as it was typed', 'read <http://example.org|example.org>', 'read example.org'],
  ['a link with its scheme', 'read <https://example.org/a?b=1&amp;c=2>', 'read https://example.org/a?b=1&c=2'],
  ['a mail address', '<mailto:ada@example.org|ada@example.org>', 'ada@example.org'],
  ['a link that hides its target', '<https://evil.example|the docs>', 'the docs (https://evil.example)'],
  ['brackets that were typed', 'sort &lt;T&gt;(list)', 'sort <T>(list)'],
  ['a token that was typed', '&lt;@U012&gt;', '<@U012>'],
  ['text without any of it', '--accept "$ npm test"', '--accept "$ npm test"'],
])('of %s people get what they typed', (_, sent, typed) => {
  expect(decodeText(sent)).toBe(typed);
});
