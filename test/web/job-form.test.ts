import { describe, expect, test } from 'vitest';

import { openPage } from '../support/browser.ts';
import { chromiumPath } from '../support/chromium.ts';
import { plannedInstants } from '../support/desk-fixture.ts';
import { fakeCheck } from '../support/fake-runner.ts';
import { startFormWeb } from '../support/form-web.ts';

async function open() {
  const { fixture, web, runner } = await startFormWeb();
  const signIn = async (name: 'ada' | 'grace' = 'ada', options: Parameters<typeof openPage>[0] = {}, path = '/') => {
    const page = await openPage(options);
    await page.goto(`${web.url}/?token=${web.tokens.tokenFor(name)}`);
    await page.locator('.live[data-state=live]').waitFor();
    if (path !== '/') await page.goto(web.url + path);
    return page;
  };
  return { fixture, web, runner, signIn };
}

const focused = 'document.activeElement.name';

describe.skipIf(chromiumPath === undefined)('the form', () => {
  test('schedules a job by keyboard, and says what the words of the schedule mean while they are typed', async () => {
    const { fixture, signIn } = await open();
    const page = await signIn();
    await page.getByRole('button', { name: 'New job' }).press('Enter');
    const form = page.getByRole('dialog', { name: 'New job' });
    await form.getByLabel('Goal').pressSequentially('raise the dependencies\nand mend what breaks');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focused)).toBe('project');
    expect(await form.getByLabel('Project').inputValue()).toBe('api');
    await form.getByText('On demand: it runs when somebody says so.').waitFor();
    await form.getByLabel('When').pressSequentially('weekdays at 2am');
    const preview = form.getByRole('status');
    await preview.getByText('weekdays at 02:00 Berlin').waitFor();
    expect(await preview.locator('time').allInnerTexts()).toEqual([
      'Tue 24 Nov, 02:00',
      'Wed 25 Nov, 02:00',
      'Thu 26 Nov, 02:00',
    ]);
    await form.getByLabel('Time zone').fill('America/New_York');
    await preview.getByText('weekdays at 02:00 New York').waitFor();
    await form.getByLabel('Checks').fill('$ npm test\nno breaking changes');
    await form.getByLabel('Budget').fill('5');
    expect(await form.getByLabel('Due while the last run goes on').inputValue()).toBe('skip');
    await form.getByLabel('Due while the last run goes on').selectOption('run when the last has ended');
    await form.getByLabel('Missed while nightdesk was down').selectOption('run all, up to 10');
    expect(await form.getByLabel('Caught up within').getAttribute('placeholder')).toBe('12 h');
    await form.getByLabel('Caught up within').fill('2 days');
    await form.getByLabel('Budget').press('Enter');
    await form.waitFor({ state: 'hidden' });
    await page.locator('.message', { hasText: 'scheduled by @ada: weekdays at 02:00 New York' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('new-job');
    expect(fixture.store.jobs.list()).toMatchObject([
      {
        goal: 'raise the dependencies\nand mend what breaks',
        project: 'api',
        checks: [
          { kind: 'command', command: 'npm test' },
          { kind: 'sentence', sentence: 'no breaking changes' },
        ],
        settings: {
          budgetUsd: 5,
          retries: 2,
          timeoutMs: 7_200_000,
          notify: 'failure',
          overlap: 'queue',
          catchUp: 'all',
          catchUpWithinMs: 172_800_000,
        },
        channel: 'web:general',
      },
    ]);
    expect(page.faults).toEqual([]);
  });

  test('puts every fault at its field, where screen readers find it, and goes to the first', async () => {
    const { fixture, signIn } = await open();
    const page = await signIn();
    await page.getByRole('button', { name: 'New job' }).click();
    const form = page.getByRole('dialog', { name: 'New job' });
    await form.getByLabel('Goal').fill('fix it');
    await form.getByLabel('When').fill('weekdyas 2am');
    await form.getByLabel('Time limit').fill('2');
    await form.getByRole('button', { name: 'Schedule' }).click();
    await form.locator('.field-error:visible').nth(1).waitFor();
    const faulty = '[...document.querySelectorAll("[aria-invalid=true]")].map((it) => it.name)';
    expect(await page.evaluate(faulty)).toEqual(['when', 'timeout']);
    expect(await page.evaluate(focused)).toBe('when');
    const described =
      'document.activeElement.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" ")';
    expect(await page.evaluate(described)).toContain('Did you mean weekdays at 2am?');
    const field = form.getByLabel('When');
    await field.fill('weekdays at 2am');
    expect(await field.getAttribute('aria-invalid')).toBeNull();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    // What was typed is still there.
    await page.getByRole('button', { name: 'New job' }).click();
    expect(await form.getByLabel('Goal').inputValue()).toBe('fix it');
    expect(fixture.store.jobs.list()).toEqual([]);
    expect(page.faults).toEqual([]);
  });

  test('mends a refused command by Fix it, with everything that was typed', async () => {
    const { fixture, signIn } = await open();
    const page = await signIn();
    const field = page.getByLabel('Command, after /claude');
    await field.fill('schedule fix "the login --wehn "weekdyas 2am" --project shopp --accept "$ npm test"');
    await field.press('Enter');
    await page.locator('.private').getByText('Your text is kept').waitFor();
    await page.getByRole('button', { name: 'Fix it' }).click();
    const form = page.getByRole('dialog', { name: 'New job' });
    await form.waitFor();
    const typed = await page.evaluate<string[]>(
      '[...document.querySelectorAll("dialog [name]")].map((it) => it.value)',
    );
    expect(typed.join(' ')).toMatch(/login.*weekdyas 2am.*shopp.*npm test/s);
    await form.getByLabel('Goal').fill('fix the login');
    await form.getByLabel('Project').selectOption('shop');
    await form.getByLabel('When').fill('weekdays at 2am');
    await form.getByLabel('Checks').fill('$ npm test');
    await form.getByRole('button', { name: 'Schedule' }).click();
    await form.waitFor({ state: 'hidden' });
    expect(fixture.store.jobs.list()).toMatchObject([{ goal: 'fix the login', project: 'shop' }]);
    expect(fixture.store.drafts.expiries()).toEqual([]);
    expect(page.faults).toEqual([]);
  });

  test('opens a draft by its link', async () => {
    const { fixture, signIn } = await open();
    await fixture.say('schedule fix it --when "weekdyas 2am"');
    const page = await signIn('ada', {}, '/?draft=1');
    const form = page.getByRole('dialog', { name: 'New job' });
    await form.waitFor();
    expect(await form.getByLabel('When').inputValue()).toBe('weekdyas 2am');
    expect(await form.locator('.field-error:visible').innerText()).toContain('Did you mean weekdays at 2am?');
    expect(page.url()).not.toContain('draft');
  });

  test('edits a job by the button on its message, which only those have who may', async () => {
    const { fixture, signIn } = await open();
    await fixture.say(
      'schedule raise the dependencies --name deps --when "weekdays at 2am" --accept "$ a\nb" --budget 5',
    );
    await fixture.settle();
    const [ada, grace] = [await signIn('ada'), await signIn('grace')];
    await ada.getByRole('button', { name: 'Edit deps' }).click();
    const form = ada.getByRole('dialog', { name: 'Edit deps' });
    await form.getByText('weekdays at 02:00 Berlin').waitFor();
    expect(await form.getByLabel('When').inputValue()).toBe('weekdays at 02:00');
    expect(await form.getByLabel('Checks').inputValue()).toBe('$ a\n    b');
    await form.getByLabel('Checks').fill('$ a\n    b\n$ npm run lint');
    await form.getByLabel('Budget').fill('');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'hidden' });
    const answer = ada.getByRole('article', { name: 'Answer that only you see' });
    expect(await answer.locator('.body .line').allInnerTexts()).toEqual([
      'deps is edited.',
      'check added: npm run lint',
      'budget: $5 → none',
    ]);
    await fixture.settle();
    await grace.locator('.message', { hasText: 'npm run lint' }).waitFor();
    expect(await grace.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    expect(plannedInstants(fixture)).toEqual([new Date('2026-11-24T01:00:00Z')]);
    expect([...ada.faults, ...grace.faults]).toEqual([]);
  });

  test('runs, pauses and deletes a job by the buttons on its message; deleting asks once', async () => {
    const { fixture, signIn } = await open();
    await fixture.say('schedule tidy up --name tidy --when "weekdays at 2am"');
    await fixture.settle();
    const [ada, grace] = [await signIn('ada'), await signIn('grace')];
    const button = (name: string) => ada.getByRole('button', { name, exact: true });
    await button('Pause tidy').click();
    await fixture.settle();
    await button('Resume tidy').waitFor();
    await button('Delete tidy').click();
    const dialog = ada.getByRole('dialog', { name: 'Delete tidy?' });
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(fixture.store.jobs.list()).toHaveLength(1);
    // What grace may not do has no button for her.
    await grace.getByRole('button', { name: 'Run now tidy' }).waitFor();
    expect(await grace.getByRole('button', { name: 'Delete tidy' }).count()).toBe(0);
    await button('Delete tidy').click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => fixture.store.jobs.list()).toEqual([]);
    await fixture.settle();
    await ada.getByText('tidy is deleted').first().waitFor();
    expect(await button('Delete tidy').count()).toBe(0);
    expect([...ada.faults, ...grace.faults]).toEqual([]);
  });

  test('retries a run with a note; the answer to list has the buttons too', async () => {
    const { fixture, signIn, runner } = await open();
    await fixture.say('schedule tidy up --name tidy --accept "$ npm test" --retries 0');
    await fixture.say('run tidy');
    runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
    await fixture.settle();
    const page = await signIn();
    await page.getByRole('button', { name: 'Retry with a note r1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry r1' });
    await dialog.getByLabel('What should Claude know this time?').fill('look at the parser');
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => fixture.store.runs.get(2)?.note).toBe('look at the parser');
    const field = page.getByLabel('Command, after /claude');
    await field.fill('list');
    await field.press('Enter');
    const answer = page.getByRole('article', { name: 'Answer that only you see' });
    await answer.getByRole('button', { name: 'Edit tidy' }).click();
    await page.getByRole('dialog', { name: 'Edit tidy' }).waitFor();
    expect(page.faults).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('fits a phone in the %s theme', async (colorScheme) => {
    const { signIn } = await open();
    const page = await signIn('ada', { colorScheme, viewport: { width: 360, height: 740 }, hasTouch: true });
    await page.getByRole('button', { name: 'New job' }).tap();
    const form = page.getByRole('dialog', { name: 'New job' });
    await form.getByLabel('When').fill('every quarter hour or so, whatever that means');
    await form.getByLabel('Time limit').fill('x'.repeat(60));
    await form.getByRole('button', { name: 'Schedule' }).tap();
    await form.locator('.field-error:visible').nth(2).waitFor();
    const tooWide =
      '[document.documentElement, ...document.querySelectorAll(".form-dialog, .form-body, .form-field, .field-error")].filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.className)';
    expect(await page.evaluate(tooWide)).toEqual([]);
    const save = (await form.getByRole('button', { name: 'Schedule' }).boundingBox())!;
    expect(save.y + save.height).toBeLessThanOrEqual(740);
    const paper = await page.evaluate<string>('getComputedStyle(document.querySelector("dialog")).backgroundColor');
    expect(Number(/\d+/.exec(paper)?.[0]) < 128).toBe(colorScheme === 'dark');
  });
});
