import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { bold, line } from '../../src/model/message.ts';
import type { MessageJson } from '../../src/web/message-json.ts';
import { openWebChat, outgoing, startWeb } from '../support/running-web.ts';
import { withButtons } from '../support/web-texts.ts';
import { rawRequest } from '../support/raw-request.ts';

interface Page {
  parent?: MessageJson;
  messages: MessageJson[];
  hasMore: boolean;
}

async function start(given: Parameters<typeof openWebChat>[0] = {}) {
  const opened = await openWebChat(given);
  const web = await startWeb(opened.folder, opened.chat);
  const get = async <T>(path: string): Promise<T> => (await (await web.ask('GET', path)).json()) as T;
  return { ...opened, ...web, get };
}

describe('a command', () => {
  test.each(['general', 'web:general'])('in %s is answered in the markup and as text', async (channel) => {
    const { ask, heard } = await start({
      handlers: { onText: async () => ({ message: [line(bold('upgrade-deps'), ' scheduled')] }) },
    });
    const response = await ask('POST', '/api/command', { channel, text: '/claude schedule x' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ok: true,
      isInChannel: false,
      text: 'upgrade-deps scheduled',
      message: [line(bold('upgrade-deps'), ' scheduled')],
      attachments: [],
    });
    expect(heard.texts[0]).toEqual([
      'schedule x',
      { person: 'web:ada', channel: 'web:general', eventId: expect.stringContaining('web:') },
    ]);
  });

  test('that is refused is an answer as well: 200, and not ok', async () => {
    const { ask } = await start({
      handlers: { onText: async () => ({ message: [line('I can’t read it.')], isRefusal: true }) },
    });
    const response = await ask('POST', '/api/command', { channel: 'general', text: 'scedule x' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: false, text: 'I can’t read it.' });
  });

  test('is the same command when it comes again with its key', async () => {
    const { ask, heard, get } = await start();
    for (const key of ['k1', 'k1', 'k2']) {
      await ask('POST', '/api/command', { channel: 'general', text: 'run x' }, { 'idempotency-key': key });
    }
    expect(new Set(heard.texts.map(([, { eventId }]) => eventId)).size).toBe(2);
    expect((await get<Page>('/api/channels/general/messages')).messages).toEqual([]);
  });

  test('answered with a file offers it to the asker and to nobody else', async () => {
    const { ask, folder, url, tokens } = await start({
      handlers: {
        onText: async () => ({ message: [], files: [{ name: 'attempt-1.log', path: join(folder, 'a.log') }] }),
      },
    });
    writeFileSync(join(folder, 'a.log'), 'what happened');
    const answer = (await (await ask('POST', '/api/command', { channel: 'general', text: 'log r1' })).json()) as {
      attachments: { url: string }[];
    };
    const path = answer.attachments[0]!.url;
    expect(await (await ask('GET', path)).text()).toBe('what happened');
    const authorization = `Bearer ${tokens.tokenFor('grace')}`;
    expect((await fetch(url + path, { headers: { authorization } })).status).toBe(404);
  });
});

describe('messages', () => {
  test('come oldest first, in pages, with all that is on them', async () => {
    const { chat, get } = await start();
    const refs = [];
    for (const n of [1, 2, 3]) {
      const message = [line(`m${n}`)];
      refs.push(await chat.post(outgoing({ message: n === 3 ? withButtons(message, 'retry', 'cancel') : message })));
    }
    await chat.react({ change: 'added', message: Number(refs[2]), emoji: '🛑', person: 'web:grace' });
    await chat.react({ change: 'added', message: Number(refs[2]), emoji: '🎉', person: 'web:grace' });
    const page = await get<Page>('/api/channels/general/messages?limit=2');
    expect(page.messages.map(({ text }) => text)).toEqual(['m2', 'm3']);
    expect(page.hasMore).toBe(true);
    expect(page.messages[1]).toEqual({
      id: Number(refs[2]),
      channel: 'web:general',
      thread: null,
      author: 'bot',
      message: withButtons([line('m3')], 'retry', 'cancel'),
      text: 'm3',
      reactions: [
        { emoji: '🔁', control: 'retry', people: [] },
        { emoji: '🛑', control: 'cancel', people: ['web:grace'] },
        { emoji: '🎉', control: null, people: ['web:grace'] },
      ],
      attachments: [],
      replies: 0,
      createdAt: '2026-11-22T21:15:00.000Z',
      editedAt: null,
    });
    const earlier = await get<Page>(`/api/channels/general/messages?limit=2&before=${page.messages[0]!.id}`);
    expect(earlier).toMatchObject({ messages: [{ text: 'm1' }], hasMore: false });
  });

  test('of a thread come with the one that it hangs on', async () => {
    const { chat, get } = await start();
    const parent = await chat.post(outgoing({ message: [line('run')] }));
    await chat.post(outgoing({ message: [line('check')], thread: parent }));
    const page = await get<Page>(`/api/threads/${parent}/messages`);
    expect(page).toMatchObject({
      parent: { text: 'run', replies: 1 },
      messages: [{ text: 'check', thread: Number(parent) }],
      hasMore: false,
    });
  });

  test('of channels are found by the list of channels', async () => {
    const { chat, get } = await start({ channels: ['web:api'] });
    const id = Number(await chat.post(outgoing({ message: [line('x')], channel: 'web:ops' })));
    expect(await get('/api/channels')).toEqual({
      channels: [
        { id: 'web:api', name: 'api', lastMessage: null },
        { id: 'web:ops', name: 'ops', lastMessage: id },
      ],
    });
    expect(await get('/api/channels/web:api/messages')).toEqual({ messages: [], hasMore: false });
  });

  test.each([
    ['/api/channels/nowhere/messages', 404],
    ['/api/channels/a%20b/messages', 400],
    ['/api/channels/general/messages?limit=0', 400],
    ['/api/channels/general/messages?limit=many', 400],
    ['/api/channels/general/messages?befor=3', 400],
    ['/api/threads/99/messages', 404],
    ['/api/threads/r142/messages', 404],
  ])('%s is refused with %i', async (path, status) => {
    const { ask } = await start();
    const response = await ask('GET', path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });
});

describe('a reaction', () => {
  test('is put on and taken off in the name of the one who asks', async () => {
    const { ask, chat, heard } = await start();
    const ref = await chat.post(outgoing({ message: withButtons([line('run')], 'retry') }));
    const path = `/api/messages/${ref}/reactions`;
    const added = await ask('POST', path, { emoji: '🔁' });
    expect(await added.json()).toMatchObject({ message: { reactions: [{ emoji: '🔁', people: ['web:ada'] }] } });
    const removed = await ask('DELETE', path, { emoji: '🔁' });
    expect(await removed.json()).toMatchObject({ message: { reactions: [{ emoji: '🔁', people: [] }] } });
    expect(heard.reactions.map(([change, control, on, { person }]) => [change, control, on, person])).toEqual([
      ['added', 'retry', ref, 'web:ada'],
      ['removed', 'retry', ref, 'web:ada'],
    ]);
  });

  test('that comes again with its key acts once, though it was taken back in between', async () => {
    const { ask, chat, heard } = await start();
    const ref = await chat.post(outgoing({ message: withButtons([line('run')], 'retry') }));
    const send = async (method: string, key: string): Promise<MessageJson['reactions']> => {
      const asked = await ask(method, `/api/messages/${ref}/reactions`, { emoji: '🔁' }, { 'idempotency-key': key });
      return ((await asked.json()) as { message: MessageJson }).message.reactions;
    };
    const off = [{ emoji: '🔁', control: 'retry', people: [] }];
    const on = [{ emoji: '🔁', control: 'retry', people: ['web:ada'] }];
    expect(await send('POST', 'k1')).toEqual(on);
    expect(await send('POST', 'k1')).toEqual(on);
    expect(await send('DELETE', 'k1')).toEqual(off);
    expect(await send('POST', 'k1')).toEqual(off);
    const idsOf = (wanted: string) =>
      heard.reactions.flatMap(([change, , , { eventId }]) => (change === wanted ? [eventId] : []));
    expect([new Set(idsOf('added')).size, idsOf('removed').length]).toEqual([1, 1]);
    expect(await send('POST', 'k2')).toEqual(on);
    expect(new Set(idsOf('added')).size).toBe(2);
  });

  test.each(['', 'retry', '🔁🔁', '<b>', 5])('with %j is refused', async (emoji) => {
    const { ask, chat } = await start();
    const ref = await chat.post(outgoing({ message: [line('run')] }));
    expect((await ask('POST', `/api/messages/${ref}/reactions`, { emoji })).status).toBe(400);
  });

  test('on a message that is not there is refused', async () => {
    const { ask } = await start();
    expect((await ask('POST', '/api/messages/99/reactions', { emoji: '🔁' })).status).toBe(404);
  });
});

describe('an attachment', () => {
  async function attach(name: string, write: (path: string) => void) {
    const web = await start();
    const path = join(web.folder, 'file');
    write(path);
    await web.chat.post(outgoing({ message: [], attachments: [{ name, path }] }));
    const page = await web.get<Page>('/api/channels/general/messages');
    return { ...web, file: page.messages[0]!.attachments[0]! };
  }

  test('of text is shown as plain text, whatever it holds, and can do nothing', async () => {
    const text = '<script>alert(1)</script> ü';
    const { ask, file } = await attach('attempt-1.log', (path) => writeFileSync(path, text));
    const response = await ask('GET', file.url);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(response.headers.get('content-disposition')).toMatch(/^inline; /);
    expect(await response.text()).toBe(text);
  });

  test.each([
    ['page.html', ''],
    ['image.svg', ''],
    ['attempt-1.log', '?download=true'],
  ])('named %s%s is saved, not shown', async (name, query) => {
    const { ask, file } = await attach(name, (path) => writeFileSync(path, 'x'));
    const response = await ask('GET', file.url + query);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    await response.body?.cancel();
  });

  test('with a name full of tricks keeps it without harm', async () => {
    const name = 'a"\r\nset-cookie: x=1; ü/../b.log';
    const { ask, file } = await attach(name, (path) => writeFileSync(path, 'x'));
    const response = await ask('GET', file.url);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('content-disposition')).toBe(
      `inline; filename="a___set-cookie_ x_1_ __.._b.log"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
    await response.body?.cancel();
  });

  test('of any size comes whole; an empty one and a question for its size only have no body', async () => {
    const { ask, file } = await attach('big.log', (path) => writeFileSync(path, 'x'.repeat(3_000_000)));
    expect(await (await ask('GET', file.url)).text()).toHaveLength(3_000_000);
    const head = await ask('HEAD', file.url);
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['3000000', '']);
    const empty = await attach('empty.log', (path) => writeFileSync(path, ''));
    expect(await (await empty.ask('GET', empty.file.url)).text()).toBe('');
  });

  test.each<[string, (path: string) => void]>([
    ['is gone', () => {}],
    ['became a folder', (path) => mkdirSync(path)],
    ['became a link to elsewhere', (path) => symlinkSync('/etc/hostname', path)],
    ['became a pipe that nobody writes to', (path) => void execFileSync('mkfifo', [path])],
  ])('that %s is not found', async (_, write) => {
    const { ask, file } = await attach('attempt-1.log', write);
    expect((await ask('GET', file.url)).status).toBe(404);
  });

  test('under a second name is read like any file', async () => {
    const { ask, file } = await attach('attempt-1.log', (path) => {
      writeFileSync(`${path}.first`, 'x');
      linkSync(`${path}.first`, path);
    });
    expect(await (await ask('GET', file.url)).text()).toBe('x');
  });

  test.each(['99', '0', '-1', '1e0', '1.0', '..%2f..%2fetc%2fpasswd', '../../../etc/passwd', '%00', '1%00', ' 1'])(
    'is found by its number alone, not by %j',
    async (id) => {
      const { url, token } = await attach('attempt-1.log', (path) => writeFileSync(path, 'x'));
      const path = `/api/attachments/${id.replaceAll(' ', '%20')}`;
      expect((await rawRequest(url, path, { authorization: `Bearer ${token}` })).status).toBe(404);
    },
  );
});
