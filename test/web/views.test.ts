import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { openPage } from '../support/browser.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startDeskWeb } from '../support/desk-web.ts';
import { fakeCheck, fakeClaude } from '../support/fake-runner.ts';

async function open(options: Parameters<typeof startDeskWeb>[0] = {}) {
  const started = await startDeskWeb(options);
  /** Opens the page signed in, at a path. */
  const visit = async (path: string, pageOptions: Parameters<typeof openPage>[0] = {}) => {
    const page = await openPage(pageOptions);
    page.setDefaultTimeout(10_000);
    await page.goto(`${started.url}/?token=${started.token}`);
    await page.goto(`${started.url}${path}`);
    await page.locator('.live[data-state=live]').waitFor();
    return page;
  };
  return { ...started, visit };
}

const rows = (page: Page) => page.locator('main.view tbody tr');
const cells = (page: Page) =>
  page.evaluate<string[][]>(
    '[...document.querySelectorAll("main.view tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent))',
  );
const inLog = <T>(page: Page, expression: string) =>
  page.evaluate<T>(`((it) => ${expression})(document.querySelector('.log'))`);
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const schedule = 'schedule raise the dependencies --name upgrade-deps --accept "$ npm test" --when "weekdays at 2am"';

describe.skipIf(chromiumPath === undefined)('the views', () => {
  test('jobs are listed with their schedule, next time and last run, and are found while one types', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('schedule tidy the docs --name tidy-docs');
    await desk.say('pause tidy-docs', 'web:ada');
    await desk.say('run upgrade-deps');
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    const page = await visit('/');
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await title(page, 'Jobs');
    await rows(page).nth(1).waitFor();
    expect(await cells(page)).toEqual([
      ['tidy-docs', 'on demand only', 'paused', 'api', 'ada', '–'],
      ['upgrade-deps', 'weekdays at 02:00 UTC', 'Tue 24 Nov, 03:00', 'api', 'ada', 'r1 succeeded'],
    ]);
    await page.getByLabel('Find').pressSequentially('RAISE ada');
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(page.url()).toMatch(/\/jobs\?filter=RAISE\+ada$/);
    await page.reload();
    await expect.poll(async () => (await cells(page)).map(([name]) => name)).toEqual(['upgrade-deps']);
    await page.getByLabel('Find').fill('nothing like it');
    await page.getByText('No job has these words.').waitFor();
    expect(page.faults).toEqual([]);
  });

  test('runs are listed newest first, by state and by job, and more are a click away', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('schedule tidy the docs --name tidy-docs --retries 0');
    for (let number = 0; number < 60; number += 1) {
      await desk.say('run tidy-docs');
      runner.report();
    }
    await desk.say('run upgrade-deps');
    const page = await visit('/runs');
    await title(page, 'Runs');
    await rows(page).nth(49).waitFor();
    expect(await rows(page).first().innerText()).toMatch(/running\s+r61\s+upgrade-deps/);
    await page.getByRole('button', { name: 'More' }).click();
    await expect.poll(() => rows(page).count()).toBe(61);
    expect(await rows(page).last().innerText()).toMatch(/unverified\s+r1\s+tidy-docs/);
    await page.getByLabel('State').selectOption('running');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByLabel('State').selectOption('');
    await page.getByLabel('Job').fill('upgrade-deps');
    await page.getByLabel('Job').press('Enter');
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(page.url()).toMatch(/\/runs\?job=upgrade-deps$/);
  });

  test('a run that ends is seen in the open list', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('run upgrade-deps');
    const page = await visit('/runs');
    await page.getByRole('cell', { name: 'upgrade-deps' }).waitFor();
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await desk.settle();
    await page.locator('.status', { hasText: 'succeeded' }).waitFor();
    expect((await cells(page)).map(([state, run]) => [state, run])).toEqual([['succeeded', 'r1']]);
  });

  test('the log of a run grows while one watches, stays at its end, and stands still for who reads further up', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('run upgrade-deps');
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');
    const transcript = 'r1-1 transcript';
    runner.files.set(transcript, lines(0, 100));
    const page = await visit('/runs/r1');
    const log = page.getByRole('log', { name: 'Log of attempt 1' });
    await log.getByText('line 99').waitFor();
    const distance = () => inLog<number>(page, 'it.scrollHeight - it.clientHeight - it.scrollTop');
    expect(await distance()).toBeLessThan(2);

    runner.files.set(transcript, lines(0, 200));
    await log.getByText('line 199').waitFor();
    await expect.poll(distance).toBeLessThan(2);

    await inLog(page, '(it.scrollTop = 300)');
    runner.files.set(transcript, lines(0, 300));
    await page.getByRole('button', { name: 'More below' }).waitFor();
    expect(await inLog(page, 'it.scrollTop')).toBe(300);
    await page.getByRole('button', { name: 'More below' }).click();
    await expect.poll(distance).toBeLessThan(2);

    runner.report({ checksAfter: [fakeCheck('npm test', 0)], transcriptPath: '/log' });
    await page.locator('.run-headline', { hasText: 'succeeded' }).waitFor();
    expect(await log.innerText()).toBe(lines(0, 300));
    expect(page.faults).toEqual([]);
  });

  test('a long log takes a bounded part of the page, and the download has all of it', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('run upgrade-deps');
    const long = Array.from({ length: 40_000 }, (_, index) => `zeile ${index} mit ü\n`).join('');
    runner.files.set('r1-1 transcript', long);
    const page = await visit('/runs/r1');
    const log = page.getByRole('log');
    await log.getByText('zeile 39999').waitFor();
    await page.getByText('The beginning is left out here').waitFor();
    runner.files.set('r1-1 transcript', `${long}${long}the end`);
    await log.getByText('the end').waitFor();
    const shown = await inLog<string>(page, 'it.textContent');
    expect(shown.length).toBeLessThan(450_000);
    expect(shown).not.toContain('\ufffd');
    expect(shown.startsWith('zeile ')).toBe(true);

    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download r1-attempt-1.log' }).first().click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe('r1-attempt-1.log');
    expect(readFileSync(await download.path(), 'utf8')).toBe(`${long}${long}the end`);
  });

  test('a run is cancelled by its button, and that is taken back in time', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('run upgrade-deps');
    await desk.settle();
    const page = await visit('/runs/r1');
    await page.getByRole('button', { name: 'Cancel' }).click();
    const pressed = page.getByRole('button', { name: /^Cancels in \d s · take it back$/, pressed: true });
    await pressed.click();
    await page.getByRole('button', { name: 'Cancel', exact: true, pressed: false }).waitFor();
    desk.clock.advance(6_000);
    expect(runner.cancelled).toEqual([]);

    await page.getByRole('button', { name: 'Cancel', exact: true }).press('Enter');
    await pressed.waitFor();
    desk.clock.advance(5_000);
    expect(runner.cancelled).toEqual(['r1-1']);
    runner.report({ isCancelled: true, claude: null });
    await desk.settle();
    await page.locator('.run-headline', { hasText: 'cancelled by @ada' }).waitFor();
    await page.getByRole('button', { name: 'Retry', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });

  test('a retry leads to the run that it retries, and back', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(`${schedule} --retries 0`);
    await desk.say('run upgrade-deps');
    const output = `${'noise\n'.repeat(100)}Tests 1 failed`;
    const failing = fakeCheck('npm test', 1, output);
    runner.report({ checksBefore: [fakeCheck('npm test', 0)], checksAfter: [failing] });
    await desk.settle();
    const page = await visit('/runs/r1');
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('button', { name: /^Tries again in/ }).waitFor();
    desk.clock.advance(5_000);
    await page.getByRole('link', { name: 'r2', exact: true }).click();
    await title(page, 'upgrade-deps r2');
    await page.getByRole('link', { name: 'r1', exact: true }).click();
    await title(page, 'upgrade-deps r1');
    const check = page.getByRole('table', { name: 'Checks' }).getByRole('row').nth(1);
    expect(await check.innerText()).toMatch(/npm test\s+passes\s+exits 1/);
    const end = page.getByRole('region', { name: 'Output now' });
    expect((await end.innerText()).split('\n')).toHaveLength(40);
    expect(await end.innerText()).toContain('Tests 1 failed');
    expect(await page.evaluate('document.activeElement.id')).toBe('view-title');
  });

  test('a run tells its attempts with cause, cost, turns, tokens, model, version and key', async () => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('run upgrade-deps');
    runner.report({ checksAfter: [fakeCheck('npm test', 1, 'no')], claude: fakeClaude({ keySource: 'none' }) });
    runner.report({ checksAfter: [fakeCheck('npm test', 0)], patchPath: '/patch' });
    runner.files.set('r1-2 patch', 'diff --git a/ü b/ü\n');
    await desk.settle();
    const page = await visit('/runs/r1');
    const first = page.getByRole('article', { name: 'Attempt 1' });
    expect((await first.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /Attempt 1 · npm test exits 1 .*Cost \$0\.50 Turns 2 Tool calls 1 Tokens 1 in, 2 out, 3 from the cache Model claude-test Claude Code 2\.1\.330 Key a subscription/,
    );
    await page.getByText('about $1.00 at API prices', { exact: true }).waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'The patch' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe('r1.patch');
    expect(readFileSync(await download.path(), 'utf8')).toBe('diff --git a/ü b/ü\n');
    await page.getByRole('link', { name: 'Its thread' }).click();
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    await page.locator('.channel').getByRole('link', { name: 'r1', exact: true }).click();
    await title(page, 'upgrade-deps r1');
    await page.goBack();
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    await page.locator('.channel').getByRole('link', { name: 'upgrade-deps' }).click();
    await title(page, 'upgrade-deps');
    expect(page.faults).toEqual([]);
  });

  test('a job tells its goal, checks, next times and history, with what was skipped', async () => {
    const { desk, visit } = await open();
    await desk.say('schedule raise the dependencies --name deps --accept "$ npm test" --when "every hour"');
    desk.clock.advance(3_600_000);
    desk.clock.advance(3_600_000);
    const page = await visit('/jobs/deps');
    await title(page, 'deps');
    await page.getByText('raise the dependencies', { exact: true }).waitFor();
    await page.getByText('npm test', { exact: true }).waitFor();
    expect(await page.locator('.times li').count()).toBe(5);
    await rows(page).nth(1).waitFor();
    expect(await cells(page)).toMatchObject([
      ['skipped', '–', '–', 'Mon 23 Nov, 11:00', '–', '–', expect.stringContaining('r1')],
      ['running', 'r1', 'deps', 'Mon 23 Nov, 10:00', '0 s', '–', ''],
    ]);
  });

  test('what is not there is said, and a deep link waits for who signs in', async () => {
    const { url, token, desk, visit } = await open();
    const missing = await visit('/runs/r7');
    await missing.getByText('There is no run r7 that you may view.').waitFor();
    await desk.say(schedule);
    const page = await openPage();
    await page.goto(`${url}/jobs/upgrade-deps`);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await title(page, 'upgrade-deps');
    await page.reload();
    await title(page, 'upgrade-deps');
    expect(new URL(page.url()).pathname).toBe('/jobs/upgrade-deps');
    expect(await page.title()).toBe('upgrade-deps · nightdesk');
  });

  test('that a run is not there is not said in the view that was opened meanwhile', async () => {
    const { visit } = await open();
    const page = await visit('/jobs');
    const wait = Promise.withResolvers<void>();
    await page.route('**/api/runs/r7', async (route) => {
      await wait.promise;
      await route.continue();
    });
    const answered = page.waitForResponse('**/api/runs/r7');
    await page.evaluate("history.pushState(null, '', '/runs/r7'); dispatchEvent(new PopStateEvent('popstate'))");
    await title(page, 'r7');
    await page.locator('#views').getByText('Jobs').click();
    await page.getByText('No jobs yet.').waitFor();
    wait.resolve();
    await (await answered).finished();
    await page.evaluate('new Promise(requestAnimationFrame)');
    expect(await page.getByText('There is no run r7').count()).toBe(0);
    expect(await page.getByText('No jobs yet.').count()).toBe(1);
  });

  test('odd texts stay whole and do nothing', async () => {
    const { desk, runner, visit } = await open();
    const goal = 'טקסט <img src=x onerror=document.title=1> 👩‍👩‍👧‍👦 \u202egnp.exe';
    const name = `a${'-very-long-name'.repeat(4)}`.slice(0, 40);
    const answer = await desk.say(`schedule "${goal}" --name ${name} --accept "$ echo '<b>bold</b>'"`);
    expect(answer).toContain(`${name} scheduled by`);
    await desk.say(`run ${name}`);
    const words = '<script>document.title="owned"</script> [x](javascript:alert(1)) مرحبا 🌙';
    runner.files.set('r1-1 transcript', `${words}\n\u202eabc\n`);
    runner.report({
      claude: fakeClaude({
        result: { subtype: 'success', isError: false, apiErrorStatus: null, terminalReason: 'completed', text: words },
      }),
      checksAfter: [fakeCheck("echo '<b>bold</b>'", 1, '<i>no</i>')],
      transcriptPath: '/log',
      changes: { files: 1, insertions: 1, deletions: 0, names: ['<u>a</u>.ts'] },
    });
    await desk.settle();
    const page = await visit('/runs/r1', { viewport: { width: 360, height: 740 } });

    await page.getByRole('article', { name: 'Attempt 1' }).getByText(words).waitFor();
    await page.getByRole('button', { name: 'attempt 1' }).click();
    await page.getByRole('log').getByText('מ').or(page.getByRole('log').getByText('🌙')).first().waitFor();
    expect(await page.locator('main img, main script, main b, main i, main u, main a[href^=javascript]').count()).toBe(
      0,
    );
    const overflow =
      'document.querySelector(".view-body").scrollWidth - document.querySelector(".view-body").clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(1);
    expect(await page.title()).toBe(`${name} r1 · nightdesk`);
    await page.locator('.facts').getByRole('link', { name }).click();
    await title(page, name);
    expect(await page.locator('.goal').textContent()).toBe(goal);
    expect(page.faults).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('fit a phone: %s', async (colorScheme) => {
    const { desk, runner, visit } = await open();
    await desk.say(schedule);
    await desk.say('run upgrade-deps');
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await desk.settle();
    const page = await visit('/jobs', { colorScheme, viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const path of ['/jobs', '/runs', '/jobs/upgrade-deps', '/runs/r1']) {
      await page.goto(`${page.url().replace(/(?<=\d)\/.*$/, '')}${path}`);
      await page.locator('main.view [role=row]').nth(1).waitFor();
      const wide =
        '[document.documentElement, ...document.querySelectorAll(".view-body, .table")].filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.className)';
      expect([path, await page.evaluate(wide)]).toEqual([path, []]);
    }
    const paper = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    expect(Number(/\d+/.exec(paper)?.[0]) < 128).toBe(colorScheme === 'dark');
  });

  test('the whole page is small', async () => {
    const { url, token } = await open();
    const page = await openPage();
    const bodies = new Map<string, Promise<Buffer>>();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      // The one of a token link leads on to the page, and has no body.
      if (response.status() === 200 && (pathname.startsWith('/page/') || pathname === '/'))
        bodies.set(pathname, response.body());
    });
    await page.goto(`${url}/?token=${token}`);
    await page.locator('.live[data-state=live]').waitFor();
    const total = (await Promise.all(bodies.values())).reduce((sum, { length }) => sum + length, 0);
    console.log(`The page takes ${bodies.size} files, ${total.toLocaleString('en-US')} bytes, uncompressed.`);
    expect(bodies.size).toBeGreaterThan(20);
    expect(total).toBeLessThan(140_000);
  });
});
