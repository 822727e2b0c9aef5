import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { afterAll, beforeAll } from 'vitest';

import { chromiumPath, launchChromium } from './chromium.ts';
import { afterwards } from './running-web.ts';

let shared: Browser | undefined;

// One for all tests of a file: to start it takes longer than most of them. Each page has a profile of its own.
beforeAll(async () => {
  if (chromiumPath !== undefined) shared = await launchChromium();
});
afterAll(() => shared?.close());

/** A page with an empty profile of its own, in Berlin, closed after the test. `faults` are errors of its scripts and of its policy, once they happen. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page & { faults: string[] }> {
  if (shared === undefined) throw new Error('There is no Chromium on this machine');
  const context = await shared.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  afterwards(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return Object.assign(page, { faults });
}
