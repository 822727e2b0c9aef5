import { describe, expect, test } from 'vitest';

import { ChatBusy } from '../../../src/bots/chat-refusal.ts';
import type { OutgoingMessage } from '../../../src/bots/chat.ts';
import { createAnswers, renderAnswer } from '../../../src/bots/slack/answer.ts';
import { buttons, line, output, type Message } from '../../../src/model/message.ts';

const page = 'https://desk.example';

function bot(post: (message: OutgoingMessage) => Promise<string>) {
  const faults: unknown[] = [];
  const answers = createAnswers({
    post,
    pageUrl: () => page,
    now: () => new Date(0),
    onFault: (error) => faults.push(error),
  });
  return { answers, faults };
}

describe('an answer in Slack', () => {
  test('has the message with its buttons', async () => {
    const { answers } = bot(() => expect.unreachable('Nothing is to be posted.'));
    const message: Message = [line('tidy-docs'), buttons({ kind: 'run', target: 'tidy-docs' })];
    expect(await answers({ message }, 'U1')).toMatchObject([
      { text: 'tidy-docs', blocks: [{ type: 'section' }, { type: 'actions' }] },
    ]);
  });

  test('a draft has the button that opens the form', () => {
    const [part] = renderAnswer([line('I can’t read that.')], 7, page);
    expect(part?.blocks.at(-1)).toMatchObject({ elements: [{ action_id: 'nd:fix-it:7', text: { text: 'Fix it' } }] });
  });

  test('what is longer than four messages says where all of it is', () => {
    const long = Array.from({ length: 80 }, (_, index) => output(`${index} ${'x'.repeat(1_000)}`));
    const parts = renderAnswer(long, 7, page);
    expect(parts).toHaveLength(4);
    expect(JSON.stringify(parts[3]?.blocks)).toContain(`All of it is on <${page}|the page>`);
    expect(parts[3]?.blocks.at(-1)?.type).toBe('actions');
    for (const { blocks } of parts) {
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    }
  });

  test('its files come by direct message, and it says so', async () => {
    const posted: OutgoingMessage[] = [];
    const { answers } = bot(async (message) => {
      posted.push(message);
      return 'D1:1.1';
    });
    const files = [{ name: 'attempt-1.log', path: '/tmp/a.log' }];
    const [part] = await answers({ message: [line('the end of it')], files }, 'U1');
    expect(posted).toMatchObject([{ channel: 'slack:@U1', attachments: files }]);
    expect(part?.text).toContain('`attempt-1.log` is in your direct messages');
  });

  test('files that Slack does not take are on the page; the others come', async () => {
    const { answers } = bot(async ({ note }) => {
      note(JSON.stringify({ ts: '1.1', files: { ids: [], refused: ['attempt-1.log'] } }));
      return 'D1:1.1';
    });
    const files = [1, 2].map((attempt) => ({ name: `attempt-${attempt}.log`, path: '/tmp/a.log' }));
    const [part] = await answers({ message: [line('the end of it')], files }, 'U1');
    expect(part?.text).toContain('📎 `attempt-2.log` is in your direct messages with the app. ');
    expect(part?.text).toContain(`\`attempt-1.log\` could not be sent to you; see the page: <${page}|${page}>`);
  });

  test('files that can’t be sent are on the page, and the log says why', async () => {
    const { answers, faults } = bot(() => Promise.reject(new ChatBusy('later', 1_000)));
    const files = [{ name: 'attempt-1.log', path: '/tmp/a.log' }];
    const [part] = await answers({ message: [line('the end of it')], files }, 'U1');
    expect(part?.text).toContain(`could not be sent to you; see the page: <${page}|${page}>`);
    expect(faults).toHaveLength(1);
  });
});
