import { expect, test } from 'vitest';

import { renderAnswer } from '../../../src/bots/discord/answer.ts';
import { buttons, line, output } from '../../../src/model/message.ts';

const options = { pageUrl: () => undefined, isPrivate: true };
const ephemeral = 1 << 6;
const suppressEmbeds = 1 << 2;

test('an answer is for the asker alone, and tells nobody', async () => {
  expect(await renderAnswer({ message: [line('No jobs yet.')] }, options)).toEqual([
    {
      content: 'No jobs yet.',
      components: [],
      files: [],
      flags: ephemeral | suppressEmbeds,
      allowedMentions: { parse: [] },
    },
  ]);
  const [inThread] = await renderAnswer({ message: [line('r1')] }, { ...options, isPrivate: false });
  expect(inThread?.flags).toBe(suppressEmbeds);
});

test('a refused text that is kept has a button that mends it', async () => {
  const [answer] = await renderAnswer(
    { message: [line("I can't read that")], draft: { id: 7 }, isRefusal: true },
    options,
  );
  expect(JSON.stringify(answer?.components)).toContain('"label":"Fix it","custom_id":"nd:fix-it:7"');
});

test('a long answer comes in parts, with its buttons and files under the last', async () => {
  const long = output('a line of output\n'.repeat(300));
  const reply = {
    message: [line('the log'), long, buttons({ kind: 'retry', target: 'r1' })],
    files: [{ name: 'r1-attempt-1.log', path: import.meta.filename }],
  };
  const parts = await renderAnswer(reply, options);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.map(({ components, files }) => [components.length, files.length])).toEqual(
    parts.map((_, index) => (index === parts.length - 1 ? [1, 1] : [0, 0])),
  );
  expect(parts.at(-1)?.files[0]?.name).toBe('r1-attempt-1.log');
});
