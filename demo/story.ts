import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

export interface StoryOptions {
  url: string;
  token: string;
  signal: AbortSignal;
  log: (line: string) => void;
}

const messageSchema = z.object({
  id: z.number(),
  text: z.string(),
  attachments: z.array(z.object({ id: z.number(), name: z.string(), sizeBytes: z.number() })),
});
const pageSchema = z.object({ messages: z.array(messageSchema) });
const runsSchema = z.object({
  runs: z.array(
    z.object({ id: z.string(), status: z.string(), isLive: z.boolean(), messageRef: z.string().nullable() }),
  ),
});

const goal = `schedule The total of a cart is wrong when there is a discount: 10 % off 10.00 should be 9.00.
Mend it, and keep the other prices as they are.
--when "in 3 seconds" --accept "$ npm test" --retries 2 --name mend-discount`;
const limitMs = 60_000;

/** What the thread must say for the story to have happened. */
const promises: [string, RegExp][] = [
  ['the job was scheduled in the channel', /mend-discount scheduled by @you/],
  ['the first attempt failed its check', /attempt 1: .*npm test.* exits 1/],
  ['the second attempt succeeded', /mend-discount r1 succeeded on attempt 2/],
  ['the check failed before and passes now', /npm test. failed before, passes now/],
  ['the thread has the log', /attempt-2\.log/],
  ['the thread has the patch', /changes\.patch/],
];

/** Plays the story over the bot's own API and prints it. Resolves to whether every step of it happened. */
export async function tellStory({ url, token, signal, log }: StoryOptions): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(await (await fetch(`${url}/api/${path}`, { headers, signal })).json());

  log('The real Claude Code runs here, in a throw-away project whose tests fail.');
  log('There is no account behind it: a script on this machine plays the model.\n');
  log(`> /claude ${goal.replaceAll('\n', '\n  ')}\n`);
  const body = JSON.stringify({ channel: 'web:general', text: goal });
  const response = await fetch(`${url}/api/command`, { method: 'POST', headers, body, signal });
  const answer = z.object({ ok: z.boolean(), text: z.string() }).parse(await response.json());
  log(`${answer.text}\n`);
  if (!answer.ok) return false;

  const deadline = Date.now() + limitMs;
  let shown = '';
  let isOver = false;
  while (!isOver) {
    if (Date.now() > deadline) {
      log(`The story did not end within ${limitMs / 1000} s.`);
      return false;
    }
    const { runs } = await get('runs', runsSchema);
    isOver = runs.length > 0 && runs.every((run) => !run.isLive);
    const { messages } = await get('channels/general/messages', pageSchema);
    const status = messages.find((message) => String(message.id) === runs[0]?.messageRef)?.text ?? '';
    const [line = ''] = status.split('\n');
    if (line !== '' && line !== shown) log(line);
    shown = line;
    await sleep(100, undefined, { signal });
  }
  // The last edit and the files follow the end of the run.
  await sleep(500, undefined, { signal });
  const { messages } = await get('channels/general/messages', pageSchema);
  const texts: string[] = [];
  for (const message of messages) {
    texts.push(message.text);
    const thread = await get(`threads/${message.id}/messages`, pageSchema);
    for (const reply of thread.messages) {
      const files = reply.attachments.map((file) => `📎 ${file.name} (${file.sizeBytes} bytes)`);
      texts.push([reply.text, ...files].join('\n').replaceAll(/^/gm, '  │ '));
    }
  }
  const channel = texts.join('\n\n');
  log(`\nThe channel, in the morning:\n\n${channel}\n`);
  const broken = promises.filter(([, pattern]) => !pattern.test(channel));
  for (const [what] of broken) log(`It did not happen that ${what}.`);
  return broken.length === 0;
}
