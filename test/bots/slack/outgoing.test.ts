import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { OutgoingMessage } from '../../../src/bots/chat.ts';
import { createOutgoing, type Outgoing } from '../../../src/bots/slack/outgoing.ts';
import { createWebClient } from '../../../src/bots/slack/web-client.ts';
import { bold, buttons, line, output, person, type Message } from '../../../src/model/message.ts';
import { silentSlackLog } from '../../support/silent-slack-log.ts';
import { buttonLabels } from '../../support/slack-server/find-button.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server/start-slack-server.ts';
import type { SlackChannel, SlackMessage, SlackUser } from '../../support/slack-server/slack-types.ts';

let slack: SlackServer;
let ada: SlackUser;
let channel: SlackChannel;
let outgoing: Outgoing;
let folder: string;
let faults: unknown[];

beforeEach(async () => {
  slack = await startSlackServer();
  ada = slack.addUser('ada');
  channel = slack.addChannel('deploys', { members: [ada] });
  outgoing = createBot();
  folder = await mkdtemp(join(tmpdir(), 'slack-out-'));
  faults = [];
});
afterEach(async () => {
  await outgoing.idle();
  outgoing.stop();
  await slack.close();
  await rm(folder, { recursive: true });
  expect(slack.violations).toEqual([]);
});

function createBot(now = (): Date => new Date()): Outgoing {
  return createOutgoing({
    client: createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl, logger: silentSlackLog }),
    pageUrl: () => 'https://desk.example',
    now,
    onFault: (error) => faults.push(error),
    postIntervalMs: 5,
  });
}

let notes = new Map<string, string>();
beforeEach(() => void (notes = new Map()));

function message(key: string, text: string | Message, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    key,
    channel: `slack:${channel.id}`,
    message: typeof text === 'string' ? [line(text)] : text,
    attachments: [],
    writtenAt: new Date(),
    isDoubtful: false,
    noted: notes.get(key),
    note: (note) => void notes.set(key, note),
    ...more,
  };
}

async function file(name: string, text: string | Buffer): Promise<{ name: string; path: string }> {
  const path = join(folder, name);
  await writeFile(path, text);
  return { name, path };
}

const shown = (place = channel): SlackMessage[] => slack.messagesIn(place);
const texts = (place = channel): string[] => shown(place).map(({ text }) => text);
const callsOf = (method: string) => slack.calls.filter((call) => call.method === method);
const parentOf = (): SlackMessage => {
  const [first] = shown();
  if (first === undefined) throw new Error('Nothing is in the channel.');
  return first;
};
const failure = async (promise: Promise<unknown>): Promise<Error & { retryAfterMs?: number }> =>
  promise.then(
    () => expect.unreachable('It should have failed.'),
    (error: Error) => error,
  );

describe('posting', () => {
  test('a message is posted with its key, unfurls nothing, and gives its reference', async () => {
    const ref = await outgoing.post(message('k1', [line(bold('tidy-docs'), ' https://evil.example')]));
    expect(ref).toBe(`${channel.id}:${parentOf().ts}`);
    expect(parentOf()).toMatchObject({
      text: '*tidy-docs* https://evil.example',
      metadata: { event_type: 'nightdesk_message', event_payload: { key: 'k1' } },
    });
    expect(callsOf('chat.postMessage')[0]?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
  });

  test('a message of a thread is a reply; one that mentions the owner is shown in the channel as well', async () => {
    const thread = await outgoing.post(message('k1', 'headline'));
    await outgoing.post(message('k2', 'detail', { thread }));
    await outgoing.post(message('k3', 'result', { thread, mention: `slack:${ada.id}` }));
    expect(texts()).toEqual(['headline', `<@${ada.id}> result`]);
    expect(slack.messagesIn(channel, parentOf()).map(({ text }) => text)).toEqual(['detail', `<@${ada.id}> result`]);
  });

  test('who is named in the message already is not mentioned twice', async () => {
    const owner = `slack:${ada.id}`;
    await outgoing.post(message('k1', [line('by ', person(owner))], { mention: owner }));
    expect(texts()).toEqual([`by <@${ada.id}>`]);
  });

  test('a person’s direct messages are opened once', async () => {
    const to = { channel: `slack:@${ada.id}` };
    const ref = await outgoing.post(message('k1', 'one', to));
    await outgoing.post(message('k2', 'two', to));
    expect(texts(slack.directOf(ada))).toEqual(['one', 'two']);
    expect(callsOf('conversations.open')).toHaveLength(1);
    await outgoing.edit(ref, [line('one, edited')]);
    expect(texts(slack.directOf(ada))).toEqual(['one, edited', 'two']);
  });

  test('what is longer than Slack takes goes on as a file in its thread, once', async () => {
    const long = Array.from({ length: 30 }, (_, index) => output(`${index} ${'x'.repeat(900)}`));
    await outgoing.post(message('k1', long));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    const [reply] = slack.messagesIn(channel, parentOf());
    const [attached] = reply === undefined ? [] : slack.filesOf(reply);
    expect(attached?.name).toBe('message.txt');
    expect(attached?.bytes?.toString()).toContain(`29 ${'x'.repeat(900)}`);
    expect(JSON.stringify(parentOf().blocks)).toContain('The rest is in `message.txt`');
  });

  test('blocks that Slack finds too long after all are sent as text, with the whole as a file', async () => {
    slack.faults.refuse({ method: 'chat.postMessage', error: 'msg_blocks_too_long', times: 1 });
    await outgoing.post(message('k1', 'proof'));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    expect(parentOf()).toMatchObject({ text: 'proof' });
    expect(parentOf().blocks).toBeUndefined();
    expect(faults).toHaveLength(1);
  });

  test('so are those of which it is not known whether they came through', async () => {
    slack.faults.refuse({ method: 'chat.postMessage', error: 'msg_blocks_too_long', times: 1 });
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('k1', 'proof')));
    outgoing = createBot();
    await outgoing.post(message('k1', 'proof', { isDoubtful: true }));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    expect(texts()).toEqual(['proof']);
  });
});

describe('files', () => {
  test('they come into the message’s thread together, and empty ones are left out', async () => {
    const big = Buffer.alloc(3_000_000, 'log line\n');
    const attachments = [
      await file('attempt-1.log', big),
      await file('empty.log', ''),
      await file('changes.patch', '+1'),
    ];
    const thread = await outgoing.post(message('k1', 'headline'));
    await outgoing.post(message('k2', 'proof', { thread, attachments }));
    await slack.until('the files', () => slack.messagesIn(channel, parentOf()).length === 2);
    const [, withFiles] = slack.messagesIn(channel, parentOf());
    const files = withFiles === undefined ? [] : slack.filesOf(withFiles);
    expect(files.map(({ name, length }) => [name, length])).toEqual([
      ['attempt-1.log', 3_000_000],
      ['changes.patch', 2],
    ]);
    expect(files[0]?.bytes?.equals(big)).toBe(true);
  });

  test('a file that is gone is left out and said in the log; the message and the others come', async () => {
    const attachments = [{ name: 'gone.log', path: join(folder, 'gone.log') }, await file('a.log', 'a')];
    await outgoing.post(message('k1', 'proof', { attachments }));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    expect(faults).toHaveLength(1);
  });

  test('after a doubtful sharing the thread is looked at: files that are there do not come twice', async () => {
    const attachments = [await file('a.log', 'a'), await file('b.log', 'b')];
    slack.faults.dropAnswer({ method: 'files.completeUploadExternal', times: 1 });
    await failure(outgoing.post(message('k1', 'proof', { attachments })));
    await slack.until('the files', () => slack.messagesIn(channel, parentOf()).length === 1);
    await outgoing.post(message('k1', 'proof', { attachments, isDoubtful: true }));
    expect(texts()).toEqual(['proof']);
    expect(slack.messagesIn(channel, parentOf())).toHaveLength(1);
    expect(callsOf('files.getUploadURLExternal')).toHaveLength(2);
  });

  test('files that Slack is still processing are waited for', async () => {
    const attachments = [await file('a.log', 'a')];
    const process = slack.holdFiles();
    slack.faults.dropAnswer({ method: 'files.completeUploadExternal', times: 1 });
    await failure(outgoing.post(message('k1', 'proof', { attachments })));
    const busy = await failure(outgoing.post(message('k1', 'proof', { attachments, isDoubtful: true })));
    expect(busy).toMatchObject({ name: 'ChatBusy' });
    process();
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    await outgoing.post(message('k1', 'proof', { attachments, isDoubtful: true }));
    expect(slack.messagesIn(channel, parentOf())).toHaveLength(1);
  });

  test('a sharing that never reached Slack is made up for with the same files', async () => {
    const attachments = [await file('a.log', 'a')];
    slack.faults.dropAnswer({ method: 'files.completeUploadExternal', times: 1, isStored: false });
    await failure(outgoing.post(message('k1', 'proof', { attachments })));
    await outgoing.post(message('k1', 'proof', { attachments, isDoubtful: true }));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    expect(callsOf('files.getUploadURLExternal')).toHaveLength(1);
  });

  test('a sharing of which Slack does not say how far it came is looked for: the files do not come twice', async () => {
    const attachments = [await file('a.log', 'a')];
    slack.faults.refuse({
      method: 'files.completeUploadExternal',
      error: 'internal_error',
      isStored: true,
      times: 1,
    });
    await failure(outgoing.post(message('k1', 'proof', { attachments })));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    await outgoing.post(message('k1', 'proof', { attachments, isDoubtful: true }));
    expect(callsOf('files.getUploadURLExternal')).toHaveLength(1);
    expect(callsOf('files.completeUploadExternal')).toHaveLength(1);
  });

  test.each([
    ['files.getUploadURLExternal', 'file_uploads_disabled'],
    ['files.getUploadURLExternal', 'storage_limit_reached'],
    ['files.completeUploadExternal', 'file_type_not_allowed'],
  ])('where the workspace takes none (%s: %s) the message says so and is told all the same', async (method, error) => {
    const attachments = [await file('a.log', 'a'), await file('b.patch', 'b')];
    slack.faults.refuse({ method, error });
    const thread = await outgoing.post(message('k1', 'headline'));
    await outgoing.post(message('k2', 'proof', { thread, attachments }));
    const said = 'proof\n📎 Slack did not take `a.log`, `b.patch`; nightdesk’s page has them.';
    const told = (): string[] => slack.messagesIn(channel, parentOf()).map(({ text }) => text);
    expect(told()).toEqual([said]);
    expect(faults.length).toBeGreaterThan(0);
    await outgoing.post(message('k2', 'proof', { thread, attachments, isDoubtful: true }));
    expect(told()).toEqual([said]);
  });

  test('of more than Slack takes the last come, and the others are named', async () => {
    const names = Array.from({ length: 16 }, (_, index) => `r1-attempt-${index + 1}.log`);
    const attachments = await Promise.all(names.map((name) => file(name, name)));
    await outgoing.post(message('k1', 'proof', { attachments }));
    const files = await slack.until('the files', () => {
      const [reply] = slack.messagesIn(channel, parentOf());
      return reply && slack.filesOf(reply);
    });
    expect(files.map(({ name }) => name)).toEqual(names.slice(2));
    expect(texts()).toEqual([
      'proof\n📎 Slack did not take `r1-attempt-1.log`, `r1-attempt-2.log`; nightdesk’s page has them.',
    ]);
  });

  test('one that the workspace does not take holds up no other', async () => {
    const attachments = [await file('a.log', 'a'), await file('b.patch', 'b')];
    slack.faults.refuse({ method: 'files.getUploadURLExternal', error: 'file_type_not_allowed', times: 1 });
    const long = Array.from({ length: 30 }, (_, index) => output(`${index} ${'x'.repeat(900)}`));
    await outgoing.post(message('k1', long, { attachments }));
    const [reply] = await slack.until('the files', () => {
      const all = slack.messagesIn(channel, parentOf());
      return all.length === 1 && all;
    });
    expect(slack.filesOf(reply!).map(({ name }) => name)).toEqual(['b.patch', 'message.txt']);
    expect(JSON.stringify(parentOf().blocks)).toContain(
      'The rest is in `message.txt`, in the thread. 📎 Slack did not take `a.log`; nightdesk’s page has it.',
    );
  });

  test('a limit on sharing sends neither the message nor the bytes again', async () => {
    const attachments = [await file('a.log', 'a')];
    slack.faults.rateLimit({ method: 'files.completeUploadExternal', retryAfter: 1, times: 1 });
    const busy = await failure(outgoing.post(message('k1', 'proof', { attachments })));
    expect(busy).toMatchObject({ name: 'ChatBusy', retryAfterMs: 1_000 });
    outgoing = createBot();
    await outgoing.post(message('k1', 'proof', { attachments, isDoubtful: true }));
    await slack.until('the file', () => slack.messagesIn(channel, parentOf()).length === 1);
    expect(texts()).toEqual(['proof']);
    expect(callsOf('files.getUploadURLExternal')).toHaveLength(1);
  });
});

describe('a doubtful send', () => {
  test('a message that came through is found by its key, in the channel and in a thread', async () => {
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('k1', 'headline')));
    for (let index = 0; index < 8; index += 1) await outgoing.post(message(`other-${index}`, 'other'));
    const thread = await outgoing.post(message('k1', 'headline', { isDoubtful: true }));
    expect(thread).toBe(`${channel.id}:${parentOf().ts}`);
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('k2', 'detail', { thread })));
    await outgoing.post(message('k2', 'detail', { thread, isDoubtful: true }));
    expect(texts().filter((text) => text === 'headline')).toHaveLength(1);
    expect(slack.messagesIn(channel, parentOf())).toHaveLength(1);
  });

  test('of a clock that was an hour ahead and is set right since is found, in the channel and in a thread', async () => {
    const writtenAt = new Date(Date.now() + 3_600_000);
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('k1', 'headline', { writtenAt })));
    const thread = await outgoing.post(message('k1', 'headline', { writtenAt, isDoubtful: true }));
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('k2', 'detail', { thread, writtenAt })));
    await outgoing.post(message('k2', 'detail', { thread, writtenAt, isDoubtful: true }));
    expect(texts()).toEqual(['headline']);
    expect(slack.messagesIn(channel, parentOf())).toHaveLength(1);
  });

  test('in a thread is found whatever the clock said, and in a long one by when it was written', async () => {
    const thread = await outgoing.post(message('k1', 'headline'));
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    const early = { thread, writtenAt: new Date(Date.now() - 60_000) };
    await failure(outgoing.post(message('k2', 'detail', early)));
    // Tried again hours later, when the clock has passed what it once said.
    const late = { thread, writtenAt: new Date(Date.now() + 3_000_000), isDoubtful: true };
    outgoing.stop();
    outgoing = createBot(() => new Date(Date.now() + 7_200_000));
    await outgoing.post(message('k2', 'detail', late));
    const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl, logger: silentSlackLog });
    for (let index = 0; index < 210; index += 1) {
      await client.chat.postMessage({ channel: channel.id, thread_ts: parentOf().ts, text: `chatter ${index}` });
    }
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('k3', 'proof', early)));
    await outgoing.post(message('k3', 'proof', { ...early, isDoubtful: true }));
    const shownThere = slack.messagesIn(channel, parentOf()).map(({ text }) => text);
    expect(shownThere.filter((text) => !text.startsWith('chatter'))).toEqual(['detail', 'proof']);
  });

  test('of which the text has changed since shows the new one, with its buttons and reactions', async () => {
    const running: Message = [line('running'), buttons({ kind: 'cancel', target: 'r1' })];
    const ended: Message = [line('ended'), buttons({ kind: 'retry', target: 'r1' })];
    await outgoing.post(message('noted', running));
    await outgoing.idle();
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await failure(outgoing.post(message('found', running)));
    for (const key of ['noted', 'found']) {
      slack.faults.rateLimit({ method: 'chat.update', retryAfter: 0.01, times: 1 });
      await failure(outgoing.post(message(key, ended, { isDoubtful: true })));
      outgoing = createBot();
      await outgoing.post(message(key, ended, { isDoubtful: true }));
      await outgoing.post(message(key, ended, { isDoubtful: true }));
      await outgoing.idle();
    }
    expect(texts()).toEqual(['ended', 'ended']);
    expect(shown().map(({ blocks }) => buttonLabels(blocks))).toEqual([['Retry'], ['Retry']]);
    expect(shown().map(({ reactions }) => reactions.map(({ name }) => name))).toEqual([['repeat'], ['repeat']]);
    expect(callsOf('chat.update')).toHaveLength(4);
    expect(faults).toEqual([]);
  });

  test('a message that did not come through is sent', async () => {
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1, isStored: false });
    await failure(outgoing.post(message('k1', 'headline')));
    await outgoing.post(message('k1', 'headline', { isDoubtful: true }));
    expect(texts()).toEqual(['headline']);
  });

  test('where the look itself fails, nothing is sent', async () => {
    await outgoing.post(message('k1', 'headline'));
    notes.clear();
    slack.faults.breakDown({ method: 'conversations.history', status: 503, times: 1 });
    await failure(outgoing.post(message('k1', 'headline', { isDoubtful: true })));
    expect(texts()).toEqual(['headline']);
  });

  test('a message that was noted is not looked for', async () => {
    const ref = await outgoing.post(message('k1', 'headline'));
    expect(await outgoing.post(message('k1', 'headline', { isDoubtful: true }))).toBe(ref);
    expect(callsOf('conversations.history')).toHaveLength(0);
    expect(texts()).toEqual(['headline']);
  });
});

describe('editing', () => {
  test('text and buttons are replaced', async () => {
    const ref = await outgoing.post(message('k1', [line('running'), buttons({ kind: 'cancel', target: 'r1' })]));
    await outgoing.edit(ref, [line('done')]);
    expect(parentOf()).toMatchObject({ text: 'done', blocks: [{ type: 'section' }] });
    expect(parentOf().blocks).toHaveLength(1);
    expect(parentOf().metadata).toMatchObject({ event_payload: { key: 'k1' } });
  });

  test('a message that was deleted is refused for good', async () => {
    const ref = await outgoing.post(message('k1', 'headline'));
    slack.deleteMessage(parentOf());
    expect(await failure(outgoing.edit(ref, [line('done')]))).toMatchObject({ name: 'ChatRefusal' });
    expect(await failure(outgoing.edit('web-12', [line('done')]))).toMatchObject({ name: 'ChatRefusal' });
  });

  test('a limit on edits holds up edits alone', async () => {
    const ref = await outgoing.post(message('k1', 'headline'));
    slack.faults.rateLimit({ method: 'chat.update', retryAfter: 30, times: 1 });
    expect(await failure(outgoing.edit(ref, [line('1')]))).toMatchObject({ name: 'ChatBusy', retryAfterMs: 30_000 });
    expect(await failure(outgoing.edit(ref, [line('2')]))).toMatchObject({ name: 'ChatBusy' });
    expect(callsOf('chat.update')).toHaveLength(1);
    await outgoing.post(message('k2', 'other'));
    expect(texts()).toEqual(['headline', 'other']);
  });
});

describe('reactions', () => {
  const running: Message = [line('running'), buttons({ kind: 'cancel', target: 'r1' })];
  const ended: Message = [line('failed'), buttons({ kind: 'retry', target: 'r1' })];
  const reactions = (): string[] => parentOf().reactions.map(({ name }) => name);

  test('the bot keeps those whose buttons the message has', async () => {
    const ref = await outgoing.post(message('k1', running));
    await outgoing.idle();
    expect(reactions()).toEqual(['octagonal_sign']);
    await outgoing.edit(ref, ended);
    await outgoing.idle();
    expect(reactions()).toEqual(['repeat']);
    await outgoing.edit(ref, [line('done')]);
    await outgoing.idle();
    expect(reactions()).toEqual([]);
    expect(callsOf('reactions.add')).toHaveLength(2);
    expect(callsOf('reactions.remove')).toHaveLength(2);
  });

  test('a bot that was started anew brings them in order without knowing what is there', async () => {
    const ref = await outgoing.post(message('k1', running));
    await outgoing.idle();
    outgoing = createBot();
    await outgoing.edit(ref, ended);
    await outgoing.edit(ref, ended);
    await outgoing.idle();
    expect(reactions()).toEqual(['repeat']);
    expect(faults).toEqual([]);
  });

  test('a limit on them makes them late, and the latest state comes', async () => {
    slack.faults.rateLimit({ method: 'reactions.add', retryAfter: 1, times: 1 });
    const ref = await outgoing.post(message('k1', running));
    await outgoing.edit(ref, ended);
    await outgoing.idle();
    expect(reactions()).toEqual(['repeat']);
    expect(faults).toEqual([]);
  });

  test('one that fails holds up no message and is said in the log', async () => {
    slack.faults.refuse({ method: 'reactions.add', error: 'too_many_emoji', times: 1 });
    await outgoing.post(message('k1', running));
    await outgoing.idle();
    expect(faults).toHaveLength(1);
  });
});

describe('a channel that waits', () => {
  test('one channel’s limit holds up no other', async () => {
    const other = slack.addChannel('other', {});
    slack.faults.rateLimit({ method: 'chat.postMessage', channel: channel.id, retryAfter: 30 });
    expect(await failure(outgoing.post(message('k1', 'hot')))).toMatchObject({
      name: 'ChatBusy',
      retryAfterMs: 30_000,
    });
    expect(await failure(outgoing.post(message('k2', 'hot')))).toMatchObject({ name: 'ChatBusy' });
    for (let index = 0; index < 5; index += 1) {
      await outgoing.post(message(`o${index}`, String(index), { channel: `slack:${other.id}` }));
    }
    expect(texts(other)).toEqual(['0', '1', '2', '3', '4']);
    expect(texts()).toEqual([]);
    slack.faults.clear();
  });

  test.each([
    ['not_in_channel', /type `\/invite`/],
    ['channel_not_found', /private.*`\/invite`/],
    ['is_archived', /archived: unarchive it/],
    ['token_revoked', /install the app again/],
    ['account_inactive', /install the app again/],
    ['restricted_action', /does not let the app post/],
  ])('%s says what a person has to do', async (error, advice) => {
    slack.faults.refuse({ method: 'chat.postMessage', error, times: 1 });
    const failed = await failure(outgoing.post(message('k1', 'x')));
    expect(failed.name).toBe('ChatUnreachable');
    expect(failed.message).toMatch(advice);
    expect(failed.message).toContain(error);
  });

  test('a scope that is missing is named', async () => {
    slack.setScopes(['channels:read']);
    expect(await failure(outgoing.post(message('k1', 'x')))).toMatchObject({
      name: 'ChatUnreachable',
      message: expect.stringContaining('`chat:write`') as string,
    });
  });

  test('a network that is gone and a fault of Slack’s are tried again as they are', async () => {
    slack.faults.breakDown({ method: 'chat.postMessage', status: 500, times: 1 });
    expect((await failure(outgoing.post(message('k1', 'x')))).name).not.toMatch(/^Chat/);
    slack.faults.cutNetwork();
    expect((await failure(outgoing.post(message('k1', 'x')))).name).not.toMatch(/^Chat/);
    slack.faults.mendNetwork();
    await outgoing.post(message('k1', 'x', { isDoubtful: true }));
    expect(texts()).toEqual(['x']);
  });
});
