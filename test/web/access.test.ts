import { request } from 'node:http';

import { describe, expect, test } from 'vitest';

import { openWebChat, startWeb } from '../support/running-web.ts';
import { rawRequest } from '../support/raw-request.ts';

async function start() {
  const { chat, folder } = await openWebChat();
  return startWeb(folder, chat, { url: 'https://desk.example.org' });
}

const apiPaths: [string, string][] = [
  ['GET', '/api/me'],
  ['POST', '/api/actions'],
  ['GET', '/api/channels/general/actions?messages=1'],
  ['POST', '/api/command'],
  ['GET', '/api/jobs'],
  ['GET', '/api/runs'],
  ['GET', '/api/runs/r142'],
  ['GET', '/api/runs/r142/log'],
  ['GET', '/api/channels'],
  ['GET', '/api/channels/general/messages'],
  ['GET', '/api/threads/1/messages'],
  ['POST', '/api/messages/1/reactions'],
  ['DELETE', '/api/messages/1/reactions'],
  ['GET', '/api/attachments/1'],
  ['GET', '/api/events'],
  ['GET', '/api/nothing-here'],
];

describe('without a token', () => {
  test.each(apiPaths)('%s %s is refused', async (method, path) => {
    const { url } = await start();
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('token') } });
  });

  test('the page, which holds no secret, and the health are shown', async () => {
    const { url } = await start();
    for (const path of ['/', '/page/app.js', '/page/style.css', '/healthz']) {
      const response = await fetch(url + path);
      expect([path, response.status]).toEqual([path, 200]);
      await response.body?.cancel();
    }
  });
});

test.each(['Bearer wrong', 'Bearer ', 'Basic YWRhOng=', ''])(
  'the authorization %j is refused',
  async (authorization) => {
    const { ask } = await start();
    expect((await ask('GET', '/api/me', undefined, { authorization })).status).toBe(401);
  },
);

test('a wrong bearer token is refused even where a cookie is right', async () => {
  const { ask, token, url } = await start();
  const cookie = `nightdesk-${new URL(url).port}=${token}`;
  expect((await ask('GET', '/api/me', undefined, { authorization: 'Bearer wrong', cookie })).status).toBe(401);
});

describe('the token link', () => {
  test('leaves a strict cookie that scripts cannot read, takes the token out of the address and lets in', async () => {
    const { url, token } = await start();
    const response = await fetch(`${url}/?token=${token}`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    const me = await fetch(`${url}/api/me`, { headers: { cookie: cookie.split(';')[0]! } });
    expect(await me.json()).toMatchObject({ person: 'web:ada', command: '/claude', labels: { run: 'Run now' } });
  });

  test('leaves a cookie for https only where it was opened by the outside address', async () => {
    const { url, token } = await start();
    const { headers } = await rawRequest(url, `/?token=${token}`, { host: 'desk.example.org' });
    expect(headers['set-cookie']?.[0]).toContain('; Secure');
  });

  test('with an unknown token says so and leaves nothing', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/?token=wrong`, { redirect: 'manual' });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
    expect(await response.text()).toContain('Open the link');
  });
});

describe('a request that is not ours', () => {
  test.each(['evil.example', 'localhost:1', '127.0.0.1', '127.0.0.1.evil.example'])(
    'for the host %s is refused everywhere, with its token too',
    async (host) => {
      const { url, token } = await start();
      for (const path of ['/', '/api/me', '/healthz', `/?token=${token}`]) {
        const { status } = await rawRequest(url, path, { host, authorization: `Bearer ${token}` });
        expect([path, status]).toEqual([path, 403]);
      }
    },
  );

  test.each(['https://evil.example', 'http://localhost:1', 'null'])(
    'from the origin %s is refused and does nothing',
    async (origin) => {
      const { chat, heard, folder } = await openWebChat();
      const { ask } = await startWeb(folder, chat);
      const response = await ask('POST', '/api/command', { channel: 'general', text: 'list' }, { origin });
      expect(response.status).toBe(403);
      expect(heard.texts).toEqual([]);
    },
  );

  test.each(['cross-site', 'same-site'])('that a browser calls %s is refused', async (site) => {
    const { ask } = await start();
    expect((await ask('GET', '/api/jobs', undefined, { 'sec-fetch-site': site })).status).toBe(403);
  });

  test('from our own page is answered, by each of our names', async () => {
    const { ask, url } = await start();
    const { port } = new URL(url);
    for (const origin of [url, `http://localhost:${port}`, `http://[::1]:${port}`, 'https://desk.example.org']) {
      const response = await ask('GET', '/api/me', undefined, { origin, 'sec-fetch-site': 'same-origin' });
      expect([origin, response.status]).toEqual([origin, 200]);
    }
  });
});

test('every answer forbids frames, foreign and inline scripts, and guessing of types', async () => {
  const { url, ask } = await start();
  for (const response of [await fetch(url), await ask('GET', '/api/me'), await ask('GET', '/nothing')]) {
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await response.body?.cancel();
  }
});

describe('a body', () => {
  const path = '/api/command';

  test.each([
    ['that is not JSON', '{"channel": ', 400],
    ['that is empty', '', 400],
    ['with a field missing', '{"channel": "general"}', 400],
    ['with a field too many', '{"channel": "general", "text": "list", "person": "web:grace"}', 400],
    ['with a wrong type', '{"channel": 1, "text": ["list"]}', 400],
    ['with nothing to do', '{"channel": "general", "text": "  "}', 400],
    ['with a channel that cannot be', '{"channel": "a b", "text": "list"}', 400],
    ['with a long text', JSON.stringify({ channel: 'general', text: 'x'.repeat(100_001) }), 400],
    ['over 1 MB', JSON.stringify({ channel: 'general', text: 'x'.repeat(1_100_000) }), 413],
  ])('%s is refused', async (_, body, status) => {
    const { ask } = await start();
    const response = await ask('POST', path, body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toMatch(/^\S.*\.?$/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', ''])('of the type %j is refused', async (type) => {
    const { ask } = await start();
    const body = '{"channel": "general", "text": "list"}';
    expect((await ask('POST', path, body, { 'content-type': type })).status).toBe(415);
  });

  test('that says nothing of its length is cut off at 1 MB', async () => {
    const { url, token } = await start();
    const { hostname, port } = new URL(url);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asked = request({ hostname, port, path, method: 'POST', headers, agent: false });
    const status = new Promise<number | undefined>((resolve, reject) => {
      asked.on('response', (response) => resolve(response.resume().statusCode));
      asked.on('error', reject);
    });
    for (let i = 0; i < 20; i += 1) asked.write('x'.repeat(64 * 1024));
    asked.end();
    expect(await status).toBe(413);
  });
});

test.each([
  ['DELETE', '/api/jobs', 'GET, HEAD'],
  ['GET', '/api/command', 'POST'],
  ['PUT', '/api/messages/1/reactions', 'POST, DELETE'],
  ['POST', '/', 'GET, HEAD'],
])('%s %s is answered with what is possible there', async (method, path, allow) => {
  const { ask } = await start();
  const response = await ask(method, path, method === 'GET' ? undefined : {});
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
});

test.each(['/api/nothing', '/page/nothing.js', '/page/..%2f..%2fpackage.json', '/page/../web-server.ts', '/%zz'])(
  'nothing is at %s',
  async (path) => {
    const { url, token } = await start();
    const { status, body } = await rawRequest(url, path, { authorization: `Bearer ${token}` });
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ error: { message: 'There is nothing here.' } });
  },
);

test('a fault is told as a reference, and whole to the log only', async () => {
  const { chat, folder } = await openWebChat();
  const { ask, faults } = await startWeb(folder, chat, {
    desk: {
      listJobs: () => {
        throw new Error('SQLITE_CORRUPT at /var/lib/secret');
      },
    },
  });
  const response = await ask('GET', '/api/jobs');
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).not.toContain('SQLITE');
  expect(JSON.parse(text).error.reference).toBe('f-00000001');
  expect(String(faults[0])).toContain('SQLITE_CORRUPT');
});

test('a server that listens on every address gives one at which it answers', async () => {
  const { chat, folder } = await openWebChat();
  const { url, ask } = await startWeb(folder, chat, { host: '0.0.0.0' });
  expect([new URL(url).hostname, (await ask('GET', '/api/me')).status]).toEqual(['127.0.0.1', 200]);
});

test('a port that is taken is a mistake to be mended, and leaves nothing open', async () => {
  const { chat, folder } = await openWebChat();
  const { url } = await startWeb(folder, chat);
  const port = Number(new URL(url).port);
  await expect(startWeb(folder, chat, { port })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining(`Port ${port}`),
  });
});

test('a page in the browser’s cache is asked for by its mark and not sent again', async () => {
  const { url } = await start();
  const first = await fetch(`${url}/page/style.css`);
  await first.body?.cancel();
  const again = await fetch(`${url}/page/style.css`, { headers: { 'if-none-match': first.headers.get('etag')! } });
  expect(again.status).toBe(304);
});
