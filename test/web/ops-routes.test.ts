import { describe, expect, test } from 'vitest';

import { openWebChat, startWeb } from '../support/running-web.ts';
import { rawRequest } from '../support/raw-request.ts';

async function start(settings: Parameters<typeof startWeb>[2] = {}) {
  const { chat, folder } = await openWebChat();
  return startWeb(folder, chat, settings);
}

describe('health', () => {
  test('is told without a token', async () => {
    const { url } = await start({ desk: { health: () => ({ queued: 3 }) } });
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok', queued: 3 });
  });

  test('fails where the store can’t be read, and says no more than that', async () => {
    const { url, faults } = await start({
      desk: {
        health() {
          throw new Error('disk I/O error at /srv/desk');
        },
      },
    });
    const response = await fetch(`${url}/healthz`);
    expect([response.status, await response.json()]).toEqual([503, { status: 'failing', store: "can't be read" }]);
    expect(faults).toHaveLength(1);
  });
});

test('readiness names each part, and one that fails is enough not to be ready', async () => {
  let slack = { isOk: true };
  const { url } = await start({ desk: { lookReady: async () => ({ store: { isOk: true }, slack }) } });
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ready', parts: { store: { isOk: true }, slack: { isOk: true } } },
  ]);
  slack = { isOk: false };
  const not = await fetch(`${url}/readyz`);
  expect([not.status, await not.json()]).toEqual([
    503,
    { status: 'not ready', parts: { store: { isOk: true }, slack: { isOk: false } } },
  ]);
});

describe('metrics', () => {
  const token = 'a-token-for-prometheus';
  const metrics = { contentType: 'text/plain; version=0.0.4', render: async () => 'nightdesk_runs 1\n' };
  const ask = async (url: string, headers: Record<string, string> = {}) =>
    rawRequest(url, '/metrics', { host: new URL(url).host, ...headers });

  test('are read on this machine without a token', async () => {
    const { url } = await start({ metrics });
    const { status, headers, body } = await ask(url);
    expect([status, headers['content-type'], body]).toEqual([200, metrics.contentType, 'nightdesk_runs 1\n']);
  });

  test.each([
    ['x-forwarded-for', '192.0.2.7'],
    ['forwarded', 'for=192.0.2.7'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '192.0.2.7'],
    ['sec-fetch-site', 'cross-site'],
  ])('are not shown to who comes through something else on this machine: %s', async (name, value) => {
    const { url } = await start({ metrics, metricsToken: token });
    const { status, body } = await ask(url, { [name]: value });
    expect(status).toBe(401);
    expect(body).toContain('NIGHTDESK_METRICS_TOKEN');
    expect((await ask(url, { [name]: value, authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('need the token where the page has an outside address, since a proxy may say nothing of itself', async () => {
    const { url } = await start({ metrics, metricsToken: token, url: 'https://desk.example.org' });
    expect((await ask(url)).status).toBe(401);
    expect((await ask(url, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask(url, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('are not opened by a person’s token or cookie, and an empty token opens nothing', async () => {
    const { url, token: ofAda } = await start({ metrics, url: 'https://desk.example.org' });
    const { port } = new URL(url);
    expect((await ask(url, { authorization: `Bearer ${ofAda}` })).status).toBe(401);
    expect((await ask(url, { cookie: `nightdesk-${port}=${ofAda}` })).status).toBe(401);
    expect((await ask(url, { authorization: 'Bearer ' })).status).toBe(401);
  });

  test('are read by the name that the scraper’s network has for this machine, with the token alone', async () => {
    const { url } = await start({ metrics, metricsToken: token });
    const authorization = `Bearer ${token}`;
    expect((await rawRequest(url, '/metrics', { host: 'desk:7433', authorization })).status).toBe(200);
    expect((await rawRequest(url, '/metrics', { host: 'desk:7433' })).status).toBe(403);
    expect((await rawRequest(url, '/api/me', { host: 'desk:7433', authorization })).status).toBe(403);
  });
});
