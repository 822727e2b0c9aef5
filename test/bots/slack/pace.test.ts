import { expect, test } from 'vitest';

import { ChatBusy } from '../../../src/bots/chat-refusal.ts';
import { createPace } from '../../../src/bots/slack/pace.ts';

test('a pause is as long as Slack asked for, also where the clock is set back meanwhile', async () => {
  let nowMs = 1_700_000_000_000;
  const pace = createPace({ intervalMs: 1_000, burst: 3, now: () => new Date(nowMs) });
  const limited = async (): Promise<never> => {
    throw new ChatBusy('Slack asks for a pause', 5_000);
  };
  const next = (): Promise<unknown> => pace.run('C1', async () => 'sent').catch((error: unknown) => error);
  await expect(pace.run('C1', limited)).rejects.toThrow(ChatBusy);
  nowMs += 2_000;
  expect(await next()).toMatchObject({ retryAfterMs: 3_000 });
  nowMs -= 3_600_000;
  expect(await next()).toMatchObject({ retryAfterMs: 3_000 });
  nowMs += 3_000;
  expect(await next()).toBe('sent');
});
