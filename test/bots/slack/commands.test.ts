import { afterEach, expect, test, vi } from 'vitest';

import { line } from '../../../src/model/message.ts';
import { startSlackPeople, type SlackPeople, type SlackPeopleOptions } from '../../support/slack-people.ts';

let people: SlackPeople;
const start = async (options?: SlackPeopleOptions): Promise<SlackPeople> => (people = await startSlackPeople(options));

afterEach(async () => {
  vi.useRealTimers();
  await people.stop();
  expect(people.faults).toEqual([]);
  expect(people.slack.violations).toEqual([]);
});

test('a command is handed over as it was typed, by whom and where, and answered for their eyes only', async () => {
  const { slack, ada, bob, channel, handed } = await start();
  const act = await slack.slash('/claude', 'edit tidy --owner @bob & <quick>', { user: ada, channel });
  expect(act.ack).toMatchObject({ ok: true, payload: {} });
  expect(await act.answer()).toMatchObject({ text: 'done', user: ada.id, via: 'response_url' });
  expect(handed).toEqual([
    {
      what: 'onText',
      given: [`edit tidy --owner slack:${bob.id} & <quick>`],
      actor: {
        person: `slack:${ada.id}`,
        channel: `slack:${channel.id}`,
        eventId: expect.stringMatching(/^slack:./),
        groups: [],
        isGuest: undefined,
        zone: 'Europe/Berlin',
      },
    },
  ]);
  expect(slack.messagesIn(channel)).toEqual([]);
});

test('what the channel is shown is not answered again', async () => {
  const { slack, ada, channel } = await start({
    handlers: { onText: async (text) => ({ message: [line(text)], isInChannel: text !== 'list' }) },
  });
  const shown = await slack.slash('/claude', 'schedule a thing', { user: ada, channel });
  const listed = await slack.slash('/claude', 'list', { user: ada, channel });
  await listed.answer();
  expect(slack.ephemeralFor(ada).map(({ text }) => text)).toEqual(['list']);
  expect(shown.answers()).toEqual([]);
});

test('a command that is delivered four times, once in another envelope, acts once and is acknowledged each time', async () => {
  const { slack, ada, channel, asked } = await start();
  slack.deliveries.copies(1);
  const act = await slack.slash('/claude', 'run tidy', { user: ada, channel });
  await act.answer();
  const [delivery] = slack.deliveries.all;
  slack.deliveries.sendAgain(delivery!);
  slack.deliveries.sendAgain(delivery!, { asNew: true });
  await slack.until('four acknowledgements', () => delivery!.acknowledgedMs.length === 4);
  expect(asked('onText')).toHaveLength(1);
  expect(act.answers()).toHaveLength(1);
});

test('the same words typed twice are two commands', async () => {
  const { slack, ada, channel, asked } = await start();
  for (const act of [1, 2].map(() => slack.slash('/claude', 'run tidy', { user: ada, channel })))
    await (await act).answer();
  const [one, other] = asked('onText');
  expect(one!.actor.eventId).not.toBe(other!.actor.eventId);
});

test('while the desk is slow everybody is acknowledged within a second, and answered when it is done', async () => {
  const { slack, ada, bob, channel } = await start({
    handlers: {
      async onText(text) {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return { message: [line(text)] };
      },
    },
  });
  const acts = await Promise.all(
    [ada, bob, ada, bob].map((user, at) => slack.slash('/claude', `run job-${at}`, { user, channel })),
  );
  for (const { ack } of acts) {
    expect(ack.ok).toBe(true);
    expect(ack.afterMs).toBeLessThan(1_000);
  }
  const texts = await Promise.all(acts.map(async (act) => (await act.answer()).text));
  expect(texts).toEqual(['run job-0', 'run job-1', 'run job-2', 'run job-3']);
});

test('while every command blocks the process for the store, all are acknowledged before the last is carried out', async () => {
  const { slack, ada, bob, channel, asked } = await start({
    handlers: {
      async onText(text) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        return { message: [line(text)], isInChannel: true };
      },
    },
  });
  const acts = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      slack.slash('/claude', `run job-${at}`, { user: at % 2 ? ada : bob, channel }),
    ),
  );
  const carriedOut = asked('onText').length;
  expect(acts.filter(({ ack }) => !ack.ok)).toEqual([]);
  expect(carriedOut).toBeLessThan(acts.length);
  await slack.until('all commands', () => asked('onText').length === acts.length);
});

test('behind thirty that wait for the desk a command is acknowledged at once', async () => {
  const slow = Promise.withResolvers<void>();
  const { slack, ada, channel, asked } = await start({
    async members() {
      await slow.promise;
      return { isGone: false };
    },
  });
  // No time passes: nothing is acknowledged for how long it has waited.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const acts = Array.from({ length: 31 }, (_, at) => slack.slash('/claude', `run job-${at}`, { user: ada, channel }));
  expect((await Promise.race(acts)).ack).toMatchObject({ ok: true });
  // It is the last that has arrived; the others are waited for.
  expect(slack.deliveries.all.filter((one) => one.acknowledgedMs.length > 0)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(300);
  await Promise.all(acts);
  expect(asked('onText')).toEqual([]);
  vi.useRealTimers();
  slow.resolve();
  await slack.until('all commands', () => asked('onText').length === acts.length);
});

test('while Slack does not say who somebody is, they are acknowledged in time', async () => {
  const asked = Promise.withResolvers<undefined>();
  const { slack, ada, channel, handed } = await start({ members: () => asked.promise });
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  expect(act.ack.afterMs).toBeLessThan(1_000);
  expect(handed).toEqual([]);
  asked.resolve(undefined);
  await act.answer();
  expect(handed[0]!.actor).toMatchObject({ groups: [], isGuest: true });
});

test('a guest and the groups of a person are known to the desk', async () => {
  const { slack, ada, bob, channel, handed } = await start({
    members: async (person) =>
      person === `slack:${bob.id}` ? { isGone: false, isGuest: true } : { isGone: false, groups: ['slack:S1'] },
  });
  await (await slack.slash('/claude', 'list', { user: ada, channel })).answer();
  await (await slack.slash('/claude', 'list', { user: bob, channel })).answer();
  expect(handed.map(({ actor: { groups, isGuest } }) => ({ groups, isGuest }))).toEqual([
    { groups: ['slack:S1'], isGuest: undefined },
    { groups: undefined, isGuest: true },
  ]);
});

test('what one person does arrives in its order, and nobody waits for another’s lookup', async () => {
  const late = Promise.withResolvers<void>();
  const { slack, ada, bob, channel, handed } = await start({
    members: async (person) => {
      if (person === `slack:${ada.id}`) await late.promise;
      return { isGone: false };
    },
  });
  const first = await slack.slash('/claude', 'pause tidy', { user: ada, channel });
  const second = await slack.slash('/claude', 'resume tidy', { user: ada, channel });
  await (await slack.slash('/claude', 'list', { user: bob, channel })).answer();
  late.resolve();
  for (const act of [first, second]) await act.answer();
  expect(handed.map(({ given }) => given[0])).toEqual(['list', 'pause tidy', 'resume tidy']);
});

test('where an answer’s own URL has gone, the person is answered another way', async () => {
  const { slack, ada, bob, channel } = await start();
  const elsewhere = slack.addChannel('elsewhere', { members: [ada, bob], withBot: false });
  slack.world.responseUrls.set = () => slack.world.responseUrls;
  await slack.slash('/claude', 'list', { user: ada, channel });
  const shown = await slack.until('an answer', () => slack.ephemeralFor(ada)[0]);
  expect(shown).toMatchObject({ text: 'done', via: 'chat.postEphemeral', channel: channel.id });
  await slack.slash('/claude', 'list', { user: bob, channel: elsewhere });
  await slack.until('a direct message', () => slack.messagesIn(slack.directOf(bob))[0]);
  const sent = slack.calls.find(({ method }) => method === 'chat.postMessage');
  expect(sent?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
});
