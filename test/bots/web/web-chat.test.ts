import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { WebChange } from '../../../src/bots/web/web-change.ts';
import type { WebMessage } from '../../../src/bots/web/web-messages.ts';
import { line, person, type Message } from '../../../src/model/message.ts';
import { openWebChat, outgoing } from '../../support/running-web.ts';
import { withButtons } from '../../support/web-texts.ts';

const hello: Message = [line('hello')];
const all = { limit: 100 };
const texts = (messages: WebMessage[]): Message[] => messages.map(({ message }) => message);

test('the same key is the same message, which shows what it was given last', async () => {
  const { chat } = await openWebChat();
  const first = await chat.post(outgoing({ key: 'run:142', message: hello }));
  const again = await chat.post(outgoing({ key: 'run:142', message: [line('other words')] }));
  expect(again).toBe(first);
  expect(texts(chat.channelMessages('web:general', all))).toEqual([[line('other words')]]);
});

test('a thread holds its messages, and the channel shows only how many there are', async () => {
  const { chat } = await openWebChat();
  const parent = await chat.post(outgoing({ message: hello }));
  await chat.post(outgoing({ message: [line('one')], thread: parent }));
  await chat.post(outgoing({ message: [line('two')], thread: parent }));
  const [shown, ...others] = chat.channelMessages('web:general', all);
  expect(others).toEqual([]);
  expect(shown?.replies).toBe(2);
  expect(texts(chat.threadMessages(Number(parent), all))).toEqual([[line('one')], [line('two')]]);
});

test('a page is the newest messages before a given one, oldest first', async () => {
  const { chat } = await openWebChat();
  const ids = [];
  for (const n of [1, 2, 3, 4, 5]) ids.push(Number(await chat.post(outgoing({ message: [line(`${n}`)] }))));
  const page = chat.channelMessages('web:general', { before: ids[3], limit: 2 });
  expect(texts(page)).toEqual([[line('2')], [line('3')]]);
});

test('an edit replaces text and buttons and says when', async () => {
  const { chat, clock } = await openWebChat();
  const ref = await chat.post(outgoing({ message: withButtons(hello, 'cancel') }));
  clock.now = new Date('2026-11-22T22:00:00Z');
  await chat.edit(ref, withButtons([line('done')], 'retry'));
  const edited = withButtons([line('done')], 'retry');
  expect(chat.find(Number(ref))).toMatchObject({ message: edited, editedAt: clock.now });
});

test('an edit that changes nothing is not told to anybody', async () => {
  const { chat } = await openWebChat();
  const ref = await chat.post(outgoing({ message: withButtons(hello, 'cancel') }));
  const changes: WebChange[] = [];
  chat.onChange((change) => changes.push(change));
  await chat.edit(ref, withButtons(hello, 'cancel'));
  expect(changes).toEqual([]);
  expect(chat.find(Number(ref))?.editedAt).toBeNull();
});

test.each(['99', 'r142', '-1', ''])('the message %j that is not there is refused for good', async (ref) => {
  const { chat } = await openWebChat();
  await expect(chat.edit(ref, hello)).rejects.toMatchObject({ name: 'ChatRefusal' });
  await expect(chat.post(outgoing({ message: hello, thread: ref }))).rejects.toMatchObject({ name: 'ChatRefusal' });
});

test('who is mentioned is named first, once', async () => {
  const { chat } = await openWebChat();
  await chat.post(outgoing({ key: 'a', message: hello, mention: 'web:ada' }));
  await chat.post(outgoing({ key: 'b', message: [line('for ', person('web:ada'))], mention: 'web:ada' }));
  expect(texts(chat.channelMessages('web:general', all))).toEqual([
    [line(person('web:ada'), ' ', 'hello')],
    [line('for ', person('web:ada'))],
  ]);
});

test.each([
  ['schedule "x"', 'schedule "x"'],
  ['/claude schedule "x"', 'schedule "x"'],
  ['  /claude   list ', 'list'],
  ['/claude', ''],
  ['/claudette list', '/claudette list'],
  ['line one\nline two', 'line one\nline two'],
])('%j reaches the desk as %j', async (typed, reaching) => {
  const { chat, heard } = await openWebChat();
  const answer = await chat.type({ text: typed, person: 'web:ada', channel: 'web:general' });
  expect(heard.texts[0]?.[0]).toBe(reaching);
  expect(heard.texts[0]?.[1]).toMatchObject({ person: 'web:ada', channel: 'web:general' });
  expect(answer.message).toEqual([line(`heard: ${reaching}`)]);
  expect(chat.channelMessages('web:general', all), 'neither command nor answer is kept').toEqual([]);
});

test('a command sent twice with one key has one event id', async () => {
  const { chat, heard } = await openWebChat();
  const command = { text: 'list', person: 'web:ada', channel: 'web:general', key: 'k1' };
  await chat.type(command);
  await chat.type(command);
  await chat.type({ ...command, person: 'web:grace' });
  const ids = heard.texts.map(([, actor]) => actor.eventId);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('a file of an answer is for the asker alone', async () => {
  const path = '/nowhere/attempt-1.log';
  const { chat } = await openWebChat({
    handlers: { onText: async () => ({ message: hello, files: [{ name: 'attempt-1.log', path }] }) },
  });
  const answer = await chat.type({ text: 'log r142', person: 'web:ada', channel: 'web:general' });
  const id = answer.attachments[0]!.id;
  expect(chat.findFile(id, 'web:ada')?.path).toBe(path);
  expect(chat.findFile(id, 'web:grace')).toBeUndefined();
});

test('attachments are listed with their sizes; one that is gone does not keep the message back', async () => {
  const { chat, folder } = await openWebChat();
  const path = join(folder, 'attempt-1.log');
  writeFileSync(path, 'twelve bytes');
  const attachments = [
    { name: 'attempt-1.log', path },
    { name: 'gone.patch', path: join(folder, 'gone.patch') },
  ];
  const ref = await chat.post(outgoing({ message: hello, attachments }));
  expect(chat.find(Number(ref))?.attachments).toMatchObject([
    { name: 'attempt-1.log', sizeBytes: 12 },
    { name: 'gone.patch', sizeBytes: 0 },
  ]);
});

test('putting a control on and taking it off reaches the desk, each once', async () => {
  const { chat, heard } = await openWebChat();
  const ref = await chat.post(outgoing({ message: withButtons(hello, 'retry') }));
  const click = { message: Number(ref), emoji: '🔁', person: 'web:ada' };
  await chat.react({ change: 'added', ...click });
  await chat.react({ change: 'added', ...click });
  await chat.react({ change: 'removed', ...click });
  await chat.react({ change: 'removed', ...click });
  expect(heard.reactions.map(([change, control, on, { person }]) => [change, control, on, person])).toEqual([
    ['added', 'retry', ref, 'web:ada'],
    ['removed', 'retry', ref, 'web:ada'],
  ]);
  const ids = heard.reactions.map(([, , , { eventId }]) => eventId);
  expect(new Set(ids).size).toBe(2);
});

test('an emoji that is no control is shown and does nothing', async () => {
  const { chat, heard } = await openWebChat();
  const ref = await chat.post(outgoing({ message: hello }));
  const after = await chat.react({ change: 'added', message: Number(ref), emoji: '🎉', person: 'web:grace' });
  expect(after?.reactions).toEqual([{ emoji: '🎉', person: 'web:grace' }]);
  expect(heard.reactions).toEqual([]);
});

test('a reaction that could not act is taken off again', async () => {
  const { chat } = await openWebChat({
    handlers: {
      onReaction: async () => {
        throw new Error('database is locked');
      },
    },
  });
  const ref = await chat.post(outgoing({ message: withButtons(hello, 'cancel') }));
  const click = { change: 'added', message: Number(ref), emoji: '🛑', person: 'web:ada' } as const;
  await expect(chat.react(click)).rejects.toThrow('locked');
  expect(chat.find(Number(ref))?.reactions).toEqual([]);
});

test('a control that is offered anew starts without the reactions of before', async () => {
  const { chat } = await openWebChat();
  const ref = await chat.post(outgoing({ message: withButtons(hello, 'retry') }));
  await chat.react({ change: 'added', message: Number(ref), emoji: '🔁', person: 'web:ada' });
  await chat.edit(ref, [line('retried')]);
  expect(chat.find(Number(ref))?.reactions, 'who asked stays to be seen').toHaveLength(1);
  await chat.edit(ref, withButtons([line('can be retried')], 'retry'));
  expect(chat.find(Number(ref))?.reactions).toEqual([]);
});

test('changes are told: the message, its thread’s parent, the reaction, the edit', async () => {
  const { chat } = await openWebChat();
  const changes: WebChange[] = [];
  const stopListening = chat.onChange((change) => changes.push(change));
  const parent = Number(await chat.post(outgoing({ message: hello })));
  const reply = Number(await chat.post(outgoing({ message: [line('one')], thread: String(parent) })));
  await chat.react({ change: 'added', message: parent, emoji: '🎉', person: 'web:ada' });
  await chat.edit(String(parent), [line('edited')]);
  stopListening();
  await chat.post(outgoing({ message: [line('unheard')] }));
  expect(changes).toEqual([
    { kind: 'added', message: parent },
    { kind: 'added', message: reply },
    { kind: 'reactions', message: parent },
    { kind: 'reactions', message: parent },
    { kind: 'edited', message: parent },
  ]);
});

test.each([
  ['none', [], ['web:general']],
  ['those of another platform only', ['slack:C1'], ['web:general']],
  ['its own and others', ['web:api', 'slack:C1', 'web:ops'], ['web:api', 'web:ops']],
])('with %s configured it has these channels, and those in use', async (_, channels, shown) => {
  const { chat } = await openWebChat({ channels });
  expect(chat.channels().map(({ id }) => id)).toEqual(shown);
  await chat.post(outgoing({ message: hello, channel: 'web:zoo' }));
  expect(chat.channels().map(({ name }) => name)).toEqual([...shown.map((id) => id.slice(4)), 'zoo']);
});

test('a command in a channel that is not there is refused, with those that are', async () => {
  const { chat } = await openWebChat();
  const typed = chat.type({ text: 'list', person: 'web:ada', channel: 'web:nope' });
  await expect(typed).rejects.toThrow('There is no channel `web:nope`. There are: web:general');
});
