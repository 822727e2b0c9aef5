import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { runDemo, type DemoPage } from '../demo/run-demo.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { answerInTour, tourCommands, watchedRun } from './tour-script.ts';

// Plays the demo's story with the real Claude Code and a scripted model, then more, and takes the pictures of docs/tour.md.

const folder = join(import.meta.dirname, '../docs/pictures');
const maxBytes = 150_000;
const wide = { width: 1024, height: 640 };
const wider = { width: 1120, height: 700 };
const tall = { width: 1024, height: 860 };
const phone = { width: 390, height: 780 };

mkdirSync(folder, { recursive: true });
const isTold = await runDemo({
  script: answerInTour,
  port: 0,
  signal: new AbortController().signal,
  log: () => {},
  onTold: takePictures,
});
if (!isTold) throw new Error('The story did not happen');

async function takePictures(desk: DemoPage): Promise<void> {
  const browser = await launchChromium();
  try {
    const open = await signIn(browser, desk);
    const chat = await open({ viewport: wider });
    await chat.getByRole('button', { name: '2 replies' }).click();
    await chat.getByText('changes.patch').waitFor();
    await shoot(chat, 'thread');
    for (const text of tourCommands) await command(desk, text);
    await shoot(await open({ path: '/runs/r1', colorScheme: 'dark', ready: 'Attempt 2' }), 'run-dark');
    await shoot(await open({ path: '/runs/r1', viewport: phone, ready: 'Attempt 2' }), 'run-phone');
    await shoot(await open({ path: '/jobs/mend-discount', ready: 'succeeded' }), 'job');

    await command(desk, `run ${watchedRun.job}`);
    const live = await open({ path: `/runs/${watchedRun.id}`, viewport: tall, ready: watchedRun.seen });
    await live.getByRole('button', { name: 'Cancel' }).click();
    await live.getByRole('button', { name: /take it back/ }).waitFor();
    await shoot(live, 'live-log');
    await live.getByRole('button', { name: /take it back/ }).click();
    await shoot(await open({ path: '/jobs', ready: watchedRun.job }), 'jobs');
    await shoot(await open({ path: '/runs', colorScheme: 'dark', ready: 'running' }), 'runs-dark');
    await command(desk, `cancel ${watchedRun.id}`);
    await live.getByText('cancelled by').first().waitFor();
  } finally {
    await browser.close();
  }
}

interface View extends BrowserContextOptions {
  path?: string;
  /** A text that is there when the view is. */
  ready?: string;
}

/** Opens places of the page in windows of their own, signed in. */
async function signIn(browser: Browser, { url, token }: DemoPage) {
  return async ({ path = '/', ready, ...options }: View): Promise<Page> => {
    const context = await browser.newContext({
      viewport: wide,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      ...options,
    });
    const page = await context.newPage();
    await page.goto(`${url}/?token=${token}`);
    await page.goto(`${url}${path}`);
    await page.locator('.live[data-state=live]').waitFor();
    if (ready !== undefined) await page.locator('main').getByText(ready).last().waitFor();
    return page;
  };
}

async function command({ url, token }: DemoPage, text: string): Promise<void> {
  const response = await fetch(`${url}/api/command`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'web:general', text }),
  });
  const answer = (await response.json()) as { ok?: boolean; text?: string };
  if (answer.ok !== true) throw new Error(`${text}: ${answer.text ?? response.status}`);
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(path);
  if (size > maxBytes) throw new Error(`${name}.png takes ${size} bytes; ${maxBytes} are allowed`);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
}
