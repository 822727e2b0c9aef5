import { afterEach, expect, test } from 'vitest';

import { ChatBusy } from '../../../src/bots/chat-refusal.ts';
import { line } from '../../../src/model/message.ts';
import { createClient } from '../../support/slack-server/bolt-app.ts';
import type { Deliveries } from '../../support/slack-server/deliveries.ts';
import type { SlackMessage } from '../../support/slack-server/slack-types.ts';
import { startSlackPeople, type SlackPeople, type SlackPeopleOptions } from '../../support/slack-people.ts';

let people: SlackPeople;
const start = async (options?: SlackPeopleOptions): Promise<SlackPeople> => (people = await startSlackPeople(options));

afterEach(async () => {
  await people.stop();
  expect(people.faults).toEqual([]);
  expect(people.slack.violations).toEqual([]);
});

/** A message of the bot. */
async function post(text = 'r142'): Promise<SlackMessage> {
  const { slack, channel } = people;
  const { ts } = await createClient(slack).chat.postMessage({ channel: channel.id, text });
  return slack.world.messages.find((message) => message.ts === ts)!;
}

const answers = (count: number) => people.slack.until('answers', () => people.posted.length >= count && people.posted);

test('a mention in a thread is handed over without the mention, and answered there', async () => {
  const { slack, ada, channel, handed } = await start({
    handlers: {
      onMention: async () => ({
        message: [line('r142 runs')],
        files: [{ name: 'attempt-1.log', path: '/runs/1.log' }],
      }),
    },
  });
  const head = await post();
  const { ack } = await slack.mention('retry use &amp; <this>', { user: ada, channel, thread: head });
  expect(ack).toMatchObject({ ok: true });
  const [answer] = await answers(1);
  expect(handed).toMatchObject([
    {
      what: 'onMention',
      given: ['retry use &amp; <this>', `${channel.id}:${head.ts}`],
      actor: { person: `slack:${ada.id}`, channel: `slack:${channel.id}` },
    },
  ]);
  expect(answer).toMatchObject({
    channel: `slack:${channel.id}`,
    thread: `${channel.id}:${head.ts}`,
    message: [line('r142 runs')],
    attachments: [{ name: 'attempt-1.log' }],
    isDoubtful: false,
  });
});

test('a mention outside of a thread is answered in a thread of its own', async () => {
  const { slack, ada, channel, handed } = await start();
  const { message } = await slack.mention('help', { user: ada, channel });
  const [answer] = await answers(1);
  expect(handed[0]!.given).toEqual(['help', undefined]);
  expect(answer!.thread).toBe(`${channel.id}:${message.ts}`);
});

test('a mention that is delivered three times is answered once', async () => {
  const { slack, ada, channel, asked } = await start();
  slack.deliveries.copies(2);
  await slack.mention('status', { user: ada, channel });
  await slack.until('all acknowledgements', () => slack.deliveries.all[0]!.acknowledgedMs.length === 3);
  await answers(1);
  expect(asked('onMention')).toHaveLength(1);
  expect(people.posted).toHaveLength(1);
});

test('a mention that is edited later is not done again', async () => {
  const { slack, ada, channel, asked } = await start();
  const head = await post();
  const { message } = await slack.mention('retry use teh new client', { user: ada, channel, thread: head });
  await answers(1);
  expect(await slack.editMention(message, 'retry use the new client')).toMatchObject({ ok: true });
  await slack.mention('status', { user: ada, channel, thread: head });
  await answers(2);
  expect(asked('onMention').map(({ given }) => given[0])).toEqual(['retry use teh new client', 'status']);
});

test('the bot’s own words and those of other bots are no wishes', async () => {
  const { slack, ada, channel, asked } = await start();
  const robot = slack.addUser('robot', { is_bot: true });
  const event = (user: string, bot: string | undefined) =>
    (slack.deliveries as Deliveries).deliver('events_api', {
      type: 'event_callback',
      event_id: `Ev${user}`,
      team_id: slack.world.team,
      event: {
        type: 'app_mention',
        user,
        text: `<@${slack.world.bot.user}> cancel`,
        ts: '1.1',
        channel: channel.id,
        ...(bot === undefined ? {} : { bot_id: bot }),
      },
    });
  await event(slack.world.bot.user, slack.world.bot.id);
  await event(robot.id, 'B0OTHER');
  await slack.mention('status', { user: ada, channel });
  await answers(1);
  expect(asked('onMention').map(({ actor }) => actor.person)).toEqual([`slack:${ada.id}`]);
});

test('an answer that Slack has no room for is posted after the pause it asks for', async () => {
  let isBusy = true;
  const { slack, ada, channel } = await start({
    post: async () => {
      if (isBusy) {
        isBusy = false;
        throw new ChatBusy('Slack asks for a pause', 50);
      }
    },
  });
  await slack.mention('status', { user: ada, channel });
  const posted = await answers(2);
  expect(posted.map(({ isDoubtful }) => isDoubtful)).toEqual([false, true]);
});

test('an answer that may not have come through is posted again, as one that may have', async () => {
  const { slack, ada, channel } = await start({
    post: async () => {
      if (people.posted.length === 1) throw new Error('The network is gone');
    },
  });
  await slack.mention('status', { user: ada, channel });
  const posted = await answers(2);
  expect(posted.map(({ key, isDoubtful }) => [key, isDoubtful])).toEqual([
    [posted[0]!.key, false],
    [posted[0]!.key, true],
  ]);
});

test.each([
  ['repeat', 'retry'],
  ['arrows_counterclockwise', 'retry'],
  ['octagonal_sign', 'cancel'],
  ['stop_sign', 'cancel'],
])('%s on a message of the bot means %s, put on and taken back', async (name, control) => {
  const { slack, ada, channel, asked } = await start();
  const message = await post();
  await slack.react('added', message, name, ada);
  await slack.react('removed', message, name, ada);
  await slack.until('both', () => asked('onReaction').length === 2);
  expect(asked('onReaction')).toMatchObject([
    {
      given: ['added', control, `${channel.id}:${message.ts}`],
      actor: { person: `slack:${ada.id}`, channel: `slack:${channel.id}` },
    },
    { given: ['removed', control, `${channel.id}:${message.ts}`] },
  ]);
  const [added, removed] = asked('onReaction');
  expect(added!.actor.eventId).not.toBe(removed!.actor.eventId);
});

test('other reactions, the bot’s own, and those on people’s messages mean nothing', async () => {
  const { slack, ada, bob, channel, asked } = await start();
  const message = await post();
  const { message: hers } = await slack.say('hello', { user: bob, channel });
  await slack.react('added', message, 'tada', ada);
  await slack.react('added', hers, 'repeat', ada);
  await createClient(slack).reactions.add({ channel: channel.id, timestamp: message.ts, name: 'repeat' });
  await slack.react('added', message, 'stop_sign', ada);
  await slack.until('the last', () => asked('onReaction').length > 0);
  expect(asked('onReaction').map(({ given }) => given[1])).toEqual(['cancel']);
});
