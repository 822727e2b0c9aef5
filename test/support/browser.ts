import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { launchChromium } from './chromium.ts';
import { afterwards } from './running-web.ts';

/** Starts a browser with an empty profile, closed after the test. */
export async function openBrowser(): Promise<Browser> {
  const browser = await launchChromium();
  afterwards(() => browser.close());
  return browser;
}

/** A page in a window of its own, in Berlin. `faults` are errors of its scripts and of its policy, once they happen. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Page & { faults: string[] }> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return Object.assign(page, { faults });
}
