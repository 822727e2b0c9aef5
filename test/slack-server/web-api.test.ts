import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createClient, refusalOf } from '../support/slack-server/bolt-app.ts';
import { encodeTyped } from '../support/slack-server/typed-text.ts';
import { startSlackServer, type SlackServer } from '../support/slack-server/start-slack-server.ts';
import type { SlackChannel, SlackUser } from '../support/slack-server/slack-types.ts';

let slack: SlackServer;
let ada: SlackUser;
let channel: SlackChannel;

beforeEach(async () => {
  slack = await startSlackServer();
  ada = slack.addUser('ada');
  channel = slack.addChannel('deploys', { members: [ada] });
});
afterEach(() => slack.close());

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

describe('messages', () => {
  test('a post is stored with its blocks and metadata, and found again by its metadata', async () => {
    const client = createClient(slack);
    const metadata = { event_type: 'nightdesk', event_payload: { key: 'k1' } };
    const { ts = '' } = await client.chat.postMessage({
      channel: channel.id,
      text: 'a',
      blocks: [section('*a*')],
      metadata,
    });
    await client.chat.postMessage({ channel: channel.id, text: 'b', thread_ts: ts, reply_broadcast: true });
    await client.chat.postMessage({ channel: channel.id, text: 'c', thread_ts: ts });
    const replies = await client.conversations.replies({ channel: channel.id, ts, include_all_metadata: true });
    expect(replies.messages?.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(replies.messages?.[0]?.metadata).toEqual(metadata);
    const history = await client.conversations.history({ channel: channel.id });
    expect(history.messages?.map(({ text }) => text)).toEqual(['b', 'a']);
    expect(history.messages?.[1]?.metadata).toBeUndefined();
    expect(slack.violations).toEqual([]);
  });

  test('history is paged and cut by time', async () => {
    const client = createClient(slack);
    const times: string[] = [];
    for (const text of ['1', '2', '3', '4', '5']) {
      times.push((await client.chat.postMessage({ channel: channel.id, text })).ts ?? '');
    }
    const texts: (string | undefined)[] = [];
    let cursor = '';
    do {
      const page = await client.conversations.history({
        channel: channel.id,
        limit: 2,
        oldest: times[0] ?? '',
        cursor,
      });
      texts.push(...(page.messages ?? []).map(({ text }) => text));
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    expect(texts).toEqual(['5', '4', '3', '2']);
  });

  test('an edit keeps what it does not name and remembers what was there', async () => {
    const client = createClient(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'a', blocks: [section('one')] });
    await client.chat.update({ channel: channel.id, ts, text: 'b' });
    const [message] = slack.messagesIn(channel);
    expect(message).toMatchObject({ text: 'b', blocks: [{ text: { text: 'one' } }], edits: [{ text: 'a' }] });
    expect(await refusalOf(client.chat.update({ channel: channel.id, ts, text: 'x'.repeat(4001) }))).toBe(
      'msg_too_long',
    );
    const { message: said } = await slack.say('hello', { user: ada, channel });
    expect(await refusalOf(client.chat.update({ channel: channel.id, ts: said.ts, text: 'b' }))).toBe(
      'cant_update_message',
    );
  });

  test('a reply to a message that was deleted lands in the channel without a word', async () => {
    const client = createClient(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'a' });
    slack.deleteMessage(slack.messagesIn(channel)[0]!);
    const { message } = await client.chat.postMessage({ channel: channel.id, text: 'b', thread_ts: ts });
    expect(message?.thread_ts).toBeUndefined();
    expect(slack.messagesIn(channel).map(({ text }) => text)).toEqual(['b']);
  });

  test('where the bot is not, the channel is closed, or nobody is, it says which', async () => {
    const client = createClient(slack);
    const closed = slack.addChannel('secret', { kind: 'private', withBot: false });
    const post = (id: string) => refusalOf(client.chat.postMessage({ channel: id, text: 'a' }));
    expect(await post(closed.id)).toBe('channel_not_found');
    expect(await post('C404')).toBe('channel_not_found');
    slack.removeBot(channel);
    expect(await post(channel.id)).toBe('not_in_channel');
    slack.archive(channel);
    expect(await post(channel.id)).toBe('is_archived');
    slack.revokeToken('bot');
    expect(await post(channel.id)).toBe('token_revoked');
    expect(await refusalOf(createClient(slack, 'xoxb-no').auth.test())).toBe('invalid_auth');
    expect(await refusalOf(createClient(slack, slack.appToken).auth.test())).toBe('not_allowed_token_type');
  });
});

describe('limits', () => {
  const button = (more: object) => ({
    type: 'button',
    text: { type: 'plain_text', text: 'Go' },
    action_id: 'go',
    ...more,
  });
  test.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), 'invalid_blocks'],
    ['a section of 3,001 characters', [section('x'.repeat(3001))], 'invalid_blocks'],
    ['an empty section', [section('')], 'invalid_blocks'],
    ['blocks of 13,500 characters', Array.from({ length: 5 }, () => section('x'.repeat(2700))), 'msg_blocks_too_long'],
    [
      'a label of 76 characters',
      [{ type: 'actions', elements: [button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })] }],
      'invalid_blocks',
    ],
    ['two buttons with one action_id', [{ type: 'actions', elements: [button({}), button({})] }], 'invalid_blocks'],
    [
      'an action_id of 256 characters',
      [{ type: 'actions', elements: [button({ action_id: 'x'.repeat(256) })] }],
      'invalid_blocks',
    ],
    [
      '26 buttons',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, i) => button({ action_id: `b${i}` })) }],
      'invalid_blocks',
    ],
    [
      'two blocks with one block_id',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      'invalid_blocks',
    ],
    [
      'a button with a confirm title of 101 characters',
      [
        {
          type: 'actions',
          elements: [
            button({
              confirm: {
                title: { type: 'plain_text', text: 'x'.repeat(101) },
                text: { type: 'mrkdwn', text: 'a' },
                confirm: { type: 'plain_text', text: 'a' },
                deny: { type: 'plain_text', text: 'b' },
              },
            }),
          ],
        },
      ],
      'invalid_blocks',
    ],
  ])('%s are refused and noted', async (_what, blocks, code) => {
    const post = createClient(slack).chat.postMessage({ channel: channel.id, text: 'a', blocks: blocks as never });
    expect(await refusalOf(post)).toBe(code);
    expect(slack.messagesIn(channel)).toEqual([]);
    expect(slack.violations).toHaveLength(code === 'invalid_blocks' ? 1 : 0);
  });

  test('a token without the scope is told what it needs and has', async () => {
    slack.setScopes(['chat:write']);
    const call = createClient(slack).conversations.history({ channel: channel.id });
    await expect(call).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'channels:history', provided: 'chat:write' },
    });
  });
});

test('a text of more than 40,000 characters is cut, and noted', async () => {
  await createClient(slack).chat.postMessage({ channel: channel.id, text: 'x'.repeat(40_001) });
  expect(slack.messagesIn(channel)[0]?.text).toHaveLength(40_000);
  expect(slack.violations).toEqual(['A text of 40001 characters was cut at 40000.']);
});

describe('files', () => {
  test('an upload in three steps is shown in the thread after the call', async () => {
    const client = createClient(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'a' });
    await client.filesUploadV2({
      channel_id: channel.id,
      thread_ts: ts,
      file: Buffer.from('log'),
      filename: 'attempt-1.log',
    });
    const shown = await slack.until('the file', () => slack.messagesIn(channel, slack.messagesIn(channel)[0]).at(0));
    expect(slack.filesOf(shown).map(({ name, bytes }) => [name, String(bytes)])).toEqual([['attempt-1.log', 'log']]);
    const { file } = await client.files.info({ file: shown.files[0]! });
    expect(file?.shares?.public?.[channel.id]).toMatchObject([{ ts: shown.ts, thread_ts: ts }]);
  });

  test('an empty file is refused', async () => {
    const ask = createClient(slack).files.getUploadURLExternal({ filename: 'a', length: 0 });
    expect(await refusalOf(ask)).toBe('invalid_arguments');
  });
});

describe('people and reactions', () => {
  test('people are described with their zone and their standing', async () => {
    const client = createClient(slack);
    const guest = slack.addUser('guest', { is_restricted: true, tz: 'Asia/Tokyo' });
    const group = slack.addGroup('night', [ada]);
    expect((await client.users.info({ user: guest.id })).user).toMatchObject({ is_restricted: true, tz: 'Asia/Tokyo' });
    expect((await client.usergroups.users.list({ usergroup: group.id })).users).toEqual([ada.id]);
  });

  test('a reaction counts once', async () => {
    const client = createClient(slack);
    const { ts: timestamp = '' } = await client.chat.postMessage({ channel: channel.id, text: 'a' });
    const what = { channel: channel.id, timestamp, name: 'repeat' };
    await client.reactions.add(what);
    expect(await refusalOf(client.reactions.add(what))).toBe('already_reacted');
    await client.reactions.remove(what);
    expect(await refusalOf(client.reactions.remove(what))).toBe('no_reaction');
  });

  test('direct messages are opened once, and not with somebody who has left', async () => {
    const client = createClient(slack);
    const first = await client.conversations.open({ users: ada.id });
    const again = await client.conversations.open({ users: ada.id });
    expect(again.channel?.id).toBe(first.channel?.id);
    await client.chat.postMessage({ channel: first.channel?.id ?? '', text: 'psst' });
    expect(slack.messagesIn(slack.directOf(ada)).map(({ text }) => text)).toEqual(['psst']);
    slack.world.users.get(ada.id)!.deleted = true;
    expect(await refusalOf(client.conversations.open({ users: ada.id }))).toBe('user_disabled');
  });
});

describe('a bad night', () => {
  test('a rate limit is told with its pause, for that channel alone', async () => {
    const client = createClient(slack);
    const other = slack.addChannel('other');
    slack.faults.rateLimit({ method: 'chat.postMessage', channel: channel.id, retryAfter: 7, times: 1 });
    await expect(client.chat.postMessage({ channel: channel.id, text: 'a' })).rejects.toMatchObject({ retryAfter: 7 });
    await client.chat.postMessage({ channel: other.id, text: 'a' });
    await client.chat.postMessage({ channel: channel.id, text: 'a' });
  });

  test('more than a burst in one channel meets the pace', async () => {
    const client = createClient(slack);
    slack.faults.limitPace({ perSecond: 1, burst: 2 });
    const post = () => client.chat.postMessage({ channel: channel.id, text: 'a' });
    await post();
    await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
  });

  test('an answer that is dropped after storing leaves the message there', async () => {
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
    await expect(createClient(slack).chat.postMessage({ channel: channel.id, text: 'a' })).rejects.toThrow(
      'fetch failed',
    );
    expect(slack.messagesIn(channel)).toHaveLength(1);
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1, isStored: false });
    await expect(createClient(slack).chat.postMessage({ channel: channel.id, text: 'b' })).rejects.toThrow(
      'fetch failed',
    );
    expect(slack.messagesIn(channel)).toHaveLength(1);
  });

  test('a dead network answers nobody until it is mended', async () => {
    const client = createClient(slack);
    slack.faults.cutNetwork();
    await expect(client.auth.test()).rejects.toThrow('fetch failed');
    slack.faults.mendNetwork();
    expect((await client.auth.test()).bot_id).toBe(slack.world.bot.id);
  });
});

test('typed text arrives with entities for people, groups and channels', () => {
  const group = slack.addGroup('night', [ada]);
  expect(encodeTyped(slack.world, 'a<b & @ada @night #deploys @nobody --when "x"')).toBe(
    `a&lt;b &amp; <@${ada.id}|ada> <!subteam^${group.id}|@night> <#${channel.id}|deploys> @nobody --when "x"`,
  );
});

test('a reply to a reply and an upload of another length are noted', async () => {
  const client = createClient(slack);
  const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'a' });
  const reply = await client.chat.postMessage({ channel: channel.id, text: 'b', thread_ts: ts });
  await client.chat.postMessage({ channel: channel.id, text: 'c', thread_ts: reply.ts ?? '' });
  const { upload_url = '' } = await client.files.getUploadURLExternal({ filename: 'a.log', length: 5 });
  const { status } = await fetch(upload_url, { method: 'POST', body: 'four' });
  expect(status).toBe(400);
  expect(slack.violations).toEqual([
    `A reply was sent to the reply ${reply.ts}, not to its thread.`,
    'a.log: 4 bytes came, 5 were announced.',
  ]);
});

test('a slow Slack answers late', async () => {
  slack.faults.slow(300, 'auth.test');
  const started = performance.now();
  await createClient(slack).auth.test();
  expect(performance.now() - started).toBeGreaterThan(290);
});
