import { expect, test } from 'vitest';

import { findLimitReset } from '../../src/model/limit-reset.ts';
import { fail, say, bash, usageLimit, type Turn } from '../support/script.ts';
import { check, startStory, type Story } from '../support/story.ts';

const rightAnswer = [bash('echo 42 > answer.txt'), say('The answer is 42 now.')];

async function run(story: Story, flags = '--retries 0'): Promise<void> {
  await story.say(`schedule set the answer right --name answer ${check} ${flags}`);
  await story.say('run answer');
}

test.each<[string, 'api-key' | 'subscription', Turn, string, string]>([
  [
    'a key that is no key',
    'api-key',
    fail(401, 'authentication_error', 'invalid x-api-key'),
    'Invalid API key · Fix external API key',
    'Claude Code is not logged in on this host',
  ],
  [
    'a token that was revoked',
    'subscription',
    fail(403, 'permission_error', 'OAuth token has been revoked.'),
    'Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.',
    'Claude Code is not logged in on this host',
  ],
  [
    'an account without credit',
    'api-key',
    fail(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    'Credit balance is too low',
    'the Claude account has no credit left',
  ],
])('%s holds the run until somebody resumes the login, and it succeeds then', async (_what, login, turn, said, why) => {
  const story = await startStory({ script: [[turn], rightAnswer], login });
  await run(story);
  await story.until(1, 'deferred');
  const held = await story.told();
  expect(held).toContain(`Claude Code says: \`${said}\``);
  expect(held).toContain(`🕔 answer r1 waits: ${why}. No attempt was used.`);
  await story.say('resume login');
  await story.until(1);
  expect(await story.told()).toContain('✅ answer r1 succeeded');
  expect(story.store.runs.get(1)?.attemptsUsed).toBe(1);
});

test('the time that Claude Code writes of a usage limit is the one of its event, in the zone that it names', async () => {
  const resetsAt = new Date(Date.now() + 3 * 24 * 3_600_000);
  const limit = usageLimit(resetsAt);
  const story = await startStory({ script: [[limit], rightAnswer], login: 'subscription' });
  await run(story);
  await story.until(1, 'deferred');
  const claude = story.store.attempts.ofRun(1)[0]?.report?.claude;
  expect(claude?.result?.text).toMatch(/resets [A-Z][a-z]{2} \d+, .*[ap]m \(.+\)/);
  const read = findLimitReset(claude?.result?.text ?? '', new Date(), 'UTC');
  expect(Math.abs((read?.getTime() ?? 0) - resetsAt.getTime())).toBeLessThan(60_000);
});

test('an overloaded API puts the run off for longer each time, and holds nothing else', async () => {
  const story = await startStory({ script: [[fail(529, 'overloaded_error', 'Overloaded')], rightAnswer] });
  await run(story);
  await story.until(1, 'deferred');
  expect(await story.told()).toMatch(
    /🕔 answer r1 waits until .*: the Claude API is overloaded; it is tried again then\. No attempt was used\./,
  );
  expect(story.store.holds.active()).toEqual([]);
  story.clock.advance(60_000);
  await story.until(1);
  expect(await story.told()).toContain('✅ answer r1 succeeded');
  expect(story.store.runs.get(1)?.attemptsUsed).toBe(1);
});

test('a prompt that is too long gets a fresh session, and what to do is told where that ends too', async () => {
  const long = [fail(400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum')];
  const story = await startStory({ script: [long, long] });
  await run(story, '--retries 1');
  await story.until(1);
  const sessions = new Set(story.model.turns().map((request) => request.sessionId));
  expect(sessions.size).toBe(2);
  const told = await story.told();
  expect(told).toContain('❌ answer r1 failed after 2 attempts: the conversation grew too long for the model');
  expect(told).toContain('A smaller goal, or one that names the files it needs, leaves more room.');
});

test('a Claude Code that crashes is started again, and its last words are told', async () => {
  const crash = 'echo "out of memory" >&2; exit 134';
  const story = await startStory({ script: [], claude: { command: ['/bin/sh', '-c', crash] } });
  await run(story, '--retries 1');
  await story.until(1);
  const told = await story.told();
  expect(told).toContain(
    '❌ answer r1 failed after 2 attempts: Claude Code ended without a result (exit 134): `out of memory`',
  );
  expect(told).toContain('The last words of the process are in the thread.');
});
