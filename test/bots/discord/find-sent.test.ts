import { expect, test } from 'vitest';

import { buttons, line } from '../../../src/model/message.ts';
import { outgoingOf, startOutgoing, status, tryAgain } from './outgoing-fixture.ts';

const posting = 'POST /channels/:channel/messages';
const minuteMs = 60_000;

/** A Discord of which the clock can be moved: it forgets nonces after some minutes. */
async function startWithClock() {
  let nowMs = Date.parse('2026-11-22T02:00:00Z');
  const desk = await startOutgoing({ now: () => nowMs });
  const pass = (ms: number): void => void (nowMs += ms);
  return { ...desk, pass, at: () => new Date(nowMs) };
}

test('a message whose answer was lost is not shown twice: soon after, Discord knows its nonce', async () => {
  const { discord, outgoing, at } = await startWithClock();
  discord.trouble({ on: posting, what: { kind: 'drop-answer' } });
  const message = outgoingOf(discord.general, [line('hello')], { writtenAt: at() });
  await expect(outgoing.post(message)).rejects.toThrow("Discord can't be reached");
  // Where the channel can't be read, the nonce is all there is.
  discord.trouble({ on: 'GET /channels/:channel/messages', what: { kind: 'status', status: 200, body: [] } });
  const ref = await outgoing.post(tryAgain(message));
  expect(discord.messagesIn(discord.general).map(({ id }) => `${discord.general.id}/${id}`)).toEqual([ref]);
});

test('hours later, after a restart, it is found in the channel, behind many others', async () => {
  const { discord, outgoing, restart, pass, at } = await startWithClock();
  const ada = discord.addPerson('ada');
  discord.trouble({ on: posting, what: { kind: 'drop-answer' } });
  ada.say('hello');
  const message = outgoingOf(discord.general, [line('hello')], { writtenAt: at() });
  for (let index = 0; index < 150; index += 1) ada.say(`chatter ${index}`);
  await expect(outgoing.post(message)).rejects.toThrow("Discord can't be reached");
  pass(5 * 60 * minuteMs);
  for (let index = 0; index < 150; index += 1) ada.say(`more ${index}`);
  const ref = await restart().post(tryAgain(message));
  const own = discord.messagesIn(discord.general).filter(({ author }) => author.bot);
  expect(own.map(({ id }) => `${discord.general.id}/${id}`)).toEqual([ref]);
});

test('sent while the clock was an hour ahead, it is found after that is set right, at every further try', async () => {
  const { discord, outgoing, restart, pass, at } = await startWithClock();
  const message = outgoingOf(discord.general, [line('hello')], { writtenAt: at() });
  discord.trouble({ on: posting, what: { kind: 'drop-answer' } });
  await expect(outgoing.post(message)).rejects.toThrow("Discord can't be reached");
  // What it noted at its first try is of the clock that was ahead.
  const noted = JSON.parse(message.notes.at(-1) ?? '') as { sinceMs: number };
  const ahead = JSON.stringify({ ...noted, sinceMs: noted.sinceMs + 60 * minuteMs });
  const writtenAt = new Date(message.writtenAt.getTime() + 60 * minuteMs);
  pass(20 * minuteMs);
  discord.trouble({ on: 'GET /channels/:channel/messages', what: { kind: 'status', status: 200, body: [] } });
  discord.trouble({ on: posting, what: { kind: 'drop-request' } });
  await expect(restart().post(tryAgain(message, { writtenAt, noted: ahead }))).rejects.toThrow("can't be reached");
  // By now the clock says more than it did then.
  pass(90 * minuteMs);
  await restart().post(tryAgain(message, { writtenAt }));
  expect(discord.messagesIn(discord.general)).toHaveLength(1);
});

test('in a thread it is looked for there, with its files', async () => {
  const { discord, outgoing, restart, pass, at } = await startWithClock();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded'), { writtenAt: at() }));
  const message = outgoingOf(discord.general, [line('the proof')], {
    key: 'r',
    thread: ref,
    writtenAt: at(),
    attachments: [{ name: 'this.test.ts', path: import.meta.filename }],
  });
  discord.trouble({ on: posting, what: { kind: 'drop-answer' } });
  await expect(outgoing.post(message)).rejects.toThrow("Discord can't be reached");
  pass(60 * minuteMs);
  await restart().post(tryAgain(message));
  expect(discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!))).toHaveLength(1);
});

test.each(['soon after, by its nonce', 'hours later, by what it was'])(
  'a status that changed in between is found %s, and shown as it is',
  async (when) => {
    const { discord, outgoing, restart, pass, at } = await startWithClock();
    const running = [...status('⏳', 'runs'), buttons({ kind: 'cancel', target: 'r142' })];
    const before = outgoingOf(discord.general, running, { writtenAt: at() });
    discord.trouble({ on: posting, what: { kind: 'drop-answer' } });
    await expect(outgoing.post(before)).rejects.toThrow("Discord can't be reached");
    if (when.startsWith('soon')) {
      discord.trouble({ on: 'GET /channels/:channel/messages', what: { kind: 'status', status: 200, body: [] } });
    } else {
      pass(60 * minuteMs);
    }
    await restart().post(tryAgain(before, { message: status('✅', 'succeeded') }));
    expect(discord.messagesIn(discord.general)).toMatchObject([
      { embeds: [{ description: 'succeeded' }], components: [] },
    ]);
  },
);

test('what never arrived is sent, and what others wrote in the same words is not taken for it', async () => {
  const { discord, outgoing, restart, pass, at } = await startWithClock();
  const ada = discord.addPerson('ada');
  const message = outgoingOf(discord.general, [line('hello')], { writtenAt: at() });
  discord.trouble({ on: posting, what: { kind: 'drop-request' } });
  await expect(outgoing.post(message)).rejects.toThrow("Discord can't be reached");
  ada.say('hello');
  pass(60 * minuteMs);
  await restart().post(tryAgain(message));
  expect(discord.messagesIn(discord.general).map(({ author }) => author.bot)).toEqual([false, true]);
});

test('the same words under another key are another message', async () => {
  const { discord, outgoing, at } = await startWithClock();
  await outgoing.post(outgoingOf(discord.general, [line('hello')], { key: 'a', writtenAt: at() }));
  await outgoing.post(outgoingOf(discord.general, [line('hello')], { key: 'b', writtenAt: at() }));
  expect(discord.messagesIn(discord.general)).toHaveLength(2);
  expect(discord.requests.filter(({ name }) => name === 'GET /channels/:channel/messages')).toEqual([]);
});

test('what is noted is kept before anything is sent', async () => {
  const { discord, outgoing, at } = await startWithClock();
  const message = outgoingOf(discord.general, [line('hello')], {
    writtenAt: at(),
    note() {
      expect(discord.requests.filter(({ name }) => name === posting)).toEqual([]);
      throw new Error('the disk is full');
    },
  });
  await expect(outgoing.post(message)).rejects.toThrow('the disk is full');
  expect(discord.messagesIn(discord.general)).toEqual([]);
});
