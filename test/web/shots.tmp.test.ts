import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { test } from 'vitest';
import { person, line, bold } from '../../src/model/message.ts';
import { afterwards, openWebChat, outgoing, startWeb } from '../support/running-web.ts';
import * as texts from '../support/web-texts.ts';

test('shots', async () => {
  const { chat, clock, folder } = await openWebChat({
    channels: ['web:general', 'web:api-team', 'web:releases'],
    handlers: {
      onText: async (text) =>
        text.includes('weekdyas')
          ? { message: texts.wrongCommand, isRefusal: true }
          : { message: texts.scheduled, files: [{ name: 'upgrade-deps.log', path: join(folder, 'attempt-1.log') }] },
    },
  });
  const { url, token } = await startWeb(folder, chat);
  writeFileSync(join(folder, 'attempt-1.log'), 'x'.repeat(18_400));
  writeFileSync(join(folder, 'r142.patch'), 'x'.repeat(2400));
  const files = [
    { name: 'attempt-1.log', path: join(folder, 'attempt-1.log') },
    { name: 'upgrade-deps-r142.patch', path: join(folder, 'r142.patch') },
  ];
  const at = (iso: string) => (clock.now = new Date(iso));
  at('2026-11-21T16:20:00Z');
  await chat.type({
    text: 'schedule "raise the dependencies\nand mend what breaks" --when "weekdays at 2am" --accept "$ npm test"',
    person: 'web:ada',
    channel: 'web:general',
  });
  await chat.post(outgoing({ message: texts.scheduled }));
  at('2026-11-22T01:00:00Z');
  const ok = await chat.post(outgoing({ message: [line('⏳ starting')], controls: ['cancel'] }));
  at('2026-11-22T01:21:00Z');
  await chat.edit(ok, texts.succeeded, ['retry']);
  for (const m of [texts.checkOutput, [line('✅ attempt 2 passed')]])
    await chat.post(outgoing({ message: m, thread: ok, attachments: files }));
  at('2026-11-22T02:21:00Z');
  const bad = await chat.post(outgoing({ message: texts.failed, controls: ['retry'] }));
  await chat.post(outgoing({ message: texts.checkOutput, thread: bad, attachments: files }));
  await chat.post(outgoing({ message: texts.mentioned, thread: bad, mention: 'web:ada' }));
  await chat.react({ change: 'added', message: Number(bad), emoji: '🔁', person: 'web:grace' });
  await chat.react({ change: 'added', message: Number(bad), emoji: '🛑', person: 'web:grace' });
  await chat.post(outgoing({ message: texts.deferred }));
  await chat.post(outgoing({ message: [line('❔ ', bold('x'), ' unverified ⏱️ 🔒 ⏭️ ⚠️ 🛑')] }));
  await chat.post(outgoing({ message: texts.running, controls: ['cancel'] }));
  await chat.post(outgoing({ message: [line('hi ', person('web:ada'))], channel: 'web:releases' }));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  afterwards(() => browser.close());
  const shot = async (
    name: string,
    scheme: 'light' | 'dark',
    width: number,
    height: number,
    thread: boolean,
    act = true,
  ) => {
    const context = await browser.newContext({
      colorScheme: scheme,
      viewport: { width, height },
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    page.on('console', (m) => console.log(name, m.type(), m.text()));
    page.on('pageerror', (e) => console.log(name, 'ERR', e));
    await page.goto(`${url}/?token=${token}`);
    await page.waitForSelector('.message', { timeout: 5000 }).catch((e) => console.log(String(e)));
    if (thread) {
      await page.goto(`${url}/#general/${bad}`);
      await page.waitForSelector('.thread .output');
    } else if (act) {
      await page.fill('textarea', 'schedule "x" --when "weekdyas 2am"');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.private');
    }
    await page.waitForTimeout(300);
    await page.screenshot({ path: `/tmp/shots/${name}.png` });
    await context.close();
  };
  await shot('light', 'light', 1280, 860, false);
  await shot('light-thread', 'light', 1360, 860, true);
  await shot('dark', 'dark', 1280, 1100, false, false);
  await shot('dark-thread', 'dark', 1360, 860, true);
  await shot('phone', 'light', 390, 844, false);
  await shot('phone-thread', 'dark', 390, 844, true);
  const c = await browser.newContext({ viewport: { width: 900, height: 700 } });
  const p = await c.newPage();
  await p.goto(url);
  await p.waitForSelector('.sign-in form');
  await p.screenshot({ path: '/tmp/shots/signin.png' });
  await p.goto(`${url}/?token=${token}`);
  await p.waitForSelector('.message');
  await p.goto(`${url}/#api-team`);
  await p.waitForSelector('.empty:not([hidden])');
  await p.screenshot({ path: '/tmp/shots/empty.png' });
}, 60_000);
