import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { createFormDesk } from '../../src/desk/form-desk.ts';
import { createReadDesk } from '../../src/desk/read-desk.ts';
import { startDesk } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';
import { rawRequest } from '../support/raw-request.ts';
import { afterwards, startWeb } from '../support/running-web.ts';

/** The real desk with a job and a run behind the real server. */
async function start() {
  const runner = createFakeRunner();
  const desk = await startDesk({ runner });
  afterwards(() => desk.stop());
  const { store, settings, clock } = desk;
  await desk.say('schedule tidy --project api --when now --name tidy');
  clock.advance(1);
  await desk.desk.delivered();
  const read = createReadDesk({ store, runner, settings, now: clock.now });
  const forms = createFormDesk({ store, settings, now: clock.now });
  const web = await startWeb(desk.directory, desk.chat, {
    desk: { ...read, ...forms, lookReady: desk.desk.lookReady },
  });
  const host = new URL(web.url).host;
  const raw = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    rawRequest(web.url, path, { host, authorization: `Bearer ${web.token}`, ...headers }, method);
  return { ...web, desk, raw };
}

/** `§` is where something goes that should not be there. */
const routes: { method: string; path: string; body?: Record<string, unknown> }[] = [
  { method: 'POST', path: '/api/command', body: { channel: 'general', text: 'list' } },
  { method: 'GET', path: '/api/form?channel=§' },
  { method: 'GET', path: '/api/jobs/§/form' },
  { method: 'GET', path: '/api/drafts/§' },
  { method: 'POST', path: '/api/forms', body: { channel: 'general', target: 'tidy', draft: 1, fields: {} } },
  { method: 'GET', path: '/api/when?words=§&zone=§&channel=general' },
  { method: 'GET', path: '/api/projects?§' },
  { method: 'GET', path: '/api/channels/§/actions?messages=§' },
  { method: 'GET', path: '/api/channels/general/actions?messages=§' },
  { method: 'POST', path: '/api/actions', body: { channel: 'general', kind: 'cancel', target: 'r1', note: '' } },
  { method: 'GET', path: '/api/jobs?filter=§&limit=5' },
  { method: 'GET', path: '/api/jobs?after=§' },
  { method: 'GET', path: '/api/jobs?limit=§' },
  { method: 'GET', path: '/api/jobs/§' },
  { method: 'GET', path: '/api/jobs/tidy/history?before=§&limit=§' },
  { method: 'GET', path: '/api/runs?job=§' },
  { method: 'GET', path: '/api/runs?status=§&before=§&limit=§' },
  { method: 'GET', path: '/api/runs/§' },
  { method: 'GET', path: '/api/runs/r1/log?attempt=§&tail=§&download=§' },
  { method: 'GET', path: '/api/runs/§/log' },
  { method: 'GET', path: '/api/runs/r1/patch?attempt=§' },
  { method: 'GET', path: '/api/channels?§' },
  { method: 'GET', path: '/api/channels/§/messages' },
  { method: 'GET', path: '/api/channels/general/messages?before=§&limit=§' },
  { method: 'GET', path: '/api/threads/§/messages' },
  { method: 'POST', path: '/api/messages/§/reactions', body: { emoji: '🔁' } },
  { method: 'DELETE', path: '/api/messages/1/reactions', body: { emoji: '🔁' } },
  { method: 'GET', path: '/api/attachments/§?download=§' },
  { method: 'GET', path: '/api/undelivered?§' },
  { method: 'HEAD', path: '/api/events?§' },
  { method: 'GET', path: '/api/undefined/§' },
  { method: 'GET', path: '/healthz?§' },
  { method: 'GET', path: '/metrics?§' },
  { method: 'GET', path: '/?token=§&to=§' },
  { method: 'GET', path: '/jobs/§' },
  { method: 'GET', path: '/runs/§' },
  { method: 'GET', path: '/page/§' },
];

const odd = [
  '',
  '%00',
  '%ff%fe',
  '%',
  '%zz',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '../../../../etc/passwd',
  '..%5c..%5cweb-tokens.json',
  '/srv//nightdesk.db',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '-1',
  '0',
  '1e308',
  'NaN',
  'Infinity',
  '9'.repeat(400),
  '99999999999999.99999999999999',
  "'%20OR%201=1%20--",
  '%F0%9F%94%81',
  '%ED%A0%80',
  '%E2%80%AEgnp.exe',
  '<script>alert(1)</script>',
  '%0d%0aSet-Cookie:%20a=b',
  'a'.repeat(8_000),
  'x&x&x=1&limit=2&limit=3',
  '%5B%5D=1',
];

const places = routes.flatMap(({ method, path }) => (path.includes('§') ? [[method, path] as const] : []));

test('every request that the documentation of the API names is in the table of this test', () => {
  const documented = [...readFileSync('docs/api.md', 'utf8').matchAll(/^\| `(?:GET|POST)[^`]*?(\/[^` ?]*)/gm)];
  const shape = (path: string): string =>
    path
      .replace(/\?.*$/, '')
      .replace(/(jobs|drafts|runs|channels|threads|messages|attachments)\/[^/]+/g, '$1/§')
      .replace('/§/messages/§', '/§/messages');
  const known = new Set([...routes.map(({ path }) => shape(path)), '/readyz']);
  expect(documented.length).toBeGreaterThan(20);
  expect(documented.map(([, path = '']) => shape(path)).filter((path) => !known.has(path))).toEqual([]);
});

test('nothing in a path or a query breaks the server, and no answer shows more than it should', async () => {
  const { raw, faults, token } = await start();
  const broken: unknown[] = [];
  for (const [method, path] of places) {
    for (const part of odd) {
      const asked = path.replaceAll('§', part);
      const { status, body } = await raw(asked, method);
      const isShown = /root:|BEGIN|SQLITE|at file:|node_modules/.test(body) || body.includes(token);
      if (status >= 500 || isShown || body.length > 200_000) broken.push([method, asked.slice(0, 100), status]);
      // A head over 16 KB is refused by Node itself, without words.
      const isWordless = status === 431 && asked.length > 16_000;
      if (status >= 400 && method !== 'HEAD' && path.startsWith('/api') && !isWordless && !isError(body))
        broken.push([method, asked.slice(0, 100), status, body.slice(0, 100)]);
    }
  }
  expect(broken).toEqual([]);
  expect(faults).toEqual([]);
}, 60_000);

function isError(body: string): boolean {
  if (body === '') return false;
  const { error } = JSON.parse(body) as { error?: { message?: unknown } };
  return typeof error?.message === 'string' && error.message !== '';
}

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const wrongBodies: [string, string | Uint8Array][] = [
  ['nothing', ''],
  ['no JSON', '{"channel":'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"list"'],
  ['a number', '1e400'],
  ['100,000 lists in each other', deep(100_000)],
  ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00, 0x80])],
  ['a prototype', '{"__proto__":{"channel":"general"},"constructor":1}'],
];

const posts = routes.filter(({ body }) => body !== undefined);

test.each(wrongBodies)('a body that is %s is refused wherever one is taken', async (_, body) => {
  const { url, token, faults } = await start();
  for (const { method, path } of posts) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path.replaceAll('§', '1')}`, { method, headers, body: body as string });
    expect([path, response.status]).toEqual([path, 400]);
    expect(isError(await response.text())).toBe(true);
  }
  expect(faults).toEqual([]);
});

const wrongValues: unknown[] = [
  null,
  0,
  -1,
  true,
  [],
  {},
  [[]],
  '',
  '\0',
  '\uD800',
  '‮',
  'x'.repeat(200_000),
  1e21,
  'web:',
  '__proto__',
];

test('a value of the wrong type, size or alphabet in any field breaks nothing', async () => {
  const { ask, faults } = await start();
  const broken: unknown[] = [];
  for (const { method, path, body = {} } of posts) {
    for (const field of [...Object.keys(body), 'more']) {
      for (const value of wrongValues) {
        const response = await ask(method, path.replaceAll('§', '1'), { ...body, [field]: value });
        const text = await response.text();
        if (response.status >= 500 || text.length > 500_000) broken.push([path, field, String(value), response.status]);
      }
    }
  }
  expect(broken).toEqual([]);
  expect(faults).toEqual([]);
}, 60_000);

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  '',
])('a body of type %s is refused', async (type) => {
  const { ask } = await start();
  for (const { method, path, body } of posts) {
    const headers = { 'content-type': type };
    const response = await ask(method, path.replaceAll('§', '1'), JSON.stringify(body), headers);
    expect([path, response.status]).toEqual([path, 415]);
  }
});

test.each(['PUT', 'PATCH', 'OPTIONS', 'DELETE', 'PROPFIND'])('%s where it means nothing is a 4xx', async (method) => {
  const { raw, faults } = await start();
  for (const path of ['/', '/healthz', '/metrics', '/api/jobs', '/api/runs/r1/log', '/api/events', '/page/app.js']) {
    const { status } = await raw(path, method);
    expect([404, 405]).toContain(status);
  }
  expect(faults).toEqual([]);
});
