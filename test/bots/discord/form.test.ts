import { afterEach, describe, expect, test } from 'vitest';

import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';
import { modalFields } from '../../support/discord-server/acts/submit-modal.ts';

let lab: DiscordDesk;
afterEach(() => lab.stop());

const typed = { goal: 'fix it', project: 'api', name: 'fixer', when: 'weekdays at 2am', accept: '$ npm test' };

describe('a new job', () => {
  test('without a goal opens the form, with the options already typed in it', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    const form = await ada.command('claude schedule', {
      project: 'web',
      timeout: '90m',
      retries: '0',
      accept: '$ a\nb',
    });
    expect(form.kind).toBe('modal');
    expect(form.tookMs).toBeLessThan(1000);
    expect(modalFields(form)).toMatchObject({ goal: '', accept: '$ a\nb', more: '--timeout 90m --retries 0' });
    const done = await ada.submit(form, { goal: 'a long\n\nstory of `--when`' });
    expect((await done.answer()).content).toContain('scheduled');
    expect(bot.store.jobs.list()).toMatchObject([
      { goal: 'a long\n\nstory of `--when`', project: 'web', settings: { timeoutMs: 5_400_000, retries: 0 } },
    ]);
    expect(bot.store.jobs.list()[0]?.checks).toHaveLength(2);
  });

  test('offers only the projects that the person may schedule in', async () => {
    const { server, settings } = (lab = await startDiscordDesk());
    const ben = server.addPerson('ben');
    settings.access.projects['web'] = { viewers: [], members: [ben.reference], maintainers: [] };
    const form = await ben.command('claude schedule');
    const text = JSON.stringify(form.modal);
    expect(text).toContain('"web"');
    expect(text).not.toContain('secret');
    const refused = await server.addPerson('eve').command('claude schedule');
    expect((await refused.answer()).content).toContain('may schedule');
  });

  test('of whose More nothing can be made is refused, and nothing of it is lost', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    const form = await ada.command('claude schedule', { project: 'api' });
    const answer = await (await ada.submit(form, { goal: 'fix it', more: '--tmeout 2h please' })).answer();
    expect(answer.content).toContain('--timeout');
    expect(bot.store.jobs.list()).toEqual([]);
    const again = modalFields(await ada.press(answer, 'Fix it'));
    expect(Object.values(again).join(' ')).toContain('2h');
    expect(Object.values(again).join(' ')).toContain('please');
  });

  test('with a schedule under More beside the one in its own field says so', async () => {
    const { ada } = (lab = await startDiscordDesk());
    const form = await ada.command('claude schedule', { project: 'api', when: 'daily at 2am' });
    const answer = await (
      await ada.submit(form, { goal: 'x', more: '--when "daily at 3am" --accept "$ npm test"' })
    ).answer();
    expect(answer.content).toContain('stands under More');
    expect(modalFields(await ada.press(answer, 'Fix it'))).toMatchObject({
      when: 'daily at 2am',
      accept: '$ npm test',
    });
  });

  test('longer than a form takes says the way out', async () => {
    const { ada } = (lab = await startDiscordDesk());
    const answer = await (await ada.command('claude schedule', { goal: 'x'.repeat(4_500), when: 'soonish' })).answer();
    const said = await (await ada.press(answer, 'Fix it')).answer();
    expect(said.content).toContain('4,000 characters');
  });
});

describe('an edit', () => {
  test('opens with the job, and changes what was changed alone, whatever others did meanwhile', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    await (await ada.command('claude schedule', { ...typed, budget: '5' })).answer();
    const form = await ada.command('claude edit', { job: 'fixer' });
    expect(modalFields(form)).toMatchObject({ goal: 'fix it', accept: '$ npm test', more: /--budget 5/ });
    await (await ada.command('claude edit', { job: 'fixer', goal: 'fix it well', retries: '7' })).answer();
    const answer = await (await ada.submit(form, { when: 'daily at 4am' })).answer();
    expect(answer.content).toContain('04:00');
    expect(bot.store.jobs.findByName('fixer')).toMatchObject({
      goal: 'fix it well',
      settings: { retries: 7, budgetUsd: 5 },
    });
  });

  test('takes away what was emptied', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    await (await ada.command('claude schedule', { ...typed, budget: '5' })).answer();
    const form = await ada.command('claude edit', { job: 'fixer' });
    await (await ada.submit(form, { when: '', accept: '', more: '--retries 1' })).answer();
    const job = bot.store.jobs.findByName('fixer');
    expect(job).toMatchObject({ schedule: null, checks: [], settings: { retries: 1, timeoutMs: 7_200_000 } });
    expect(job?.settings.budgetUsd).toBeUndefined();
  });

  test('refused keeps what was changed, and mends it', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    await (await ada.command('claude schedule', typed)).answer();
    const form = await ada.command('claude edit', { job: 'fixer' });
    const answer = await (await ada.submit(form, { when: 'never ever', goal: 'better' })).answer();
    expect(answer.content).toContain('**When**');
    const again = await ada.press(answer, 'Fix it');
    expect(modalFields(again)).toMatchObject({ goal: 'better', when: 'never ever' });
    await (await ada.submit(again, { when: 'daily at 5am' })).answer();
    expect(bot.store.jobs.findByName('fixer')).toMatchObject({ goal: 'better', checks: [{ command: 'npm test' }] });
  });

  test('of a job that is nobody’s to edit is refused', async () => {
    const { server, settings, ada } = (lab = await startDiscordDesk());
    const ben = server.addPerson('ben');
    settings.access.projects['api'] = { viewers: [ben.reference], members: [], maintainers: [] };
    await (await ada.command('claude schedule', typed)).answer();
    const answer = await (await ben.command('claude edit', { job: 'fixer' })).answer();
    expect(answer.content).toContain(ben.reference);
  });

  test('by two people at once keeps what each has changed', async () => {
    const { server, settings, ada, bot } = (lab = await startDiscordDesk());
    const ben = server.addPerson('ben');
    settings.access.admins.push(ben.reference);
    await (await ada.command('claude schedule', typed)).answer();
    const forms = await Promise.all([ada, ben].map((who) => who.command('claude edit', { job: 'fixer' })));
    const answers = await Promise.all([
      ada.submit(forms[0]!, { goal: 'by ada' }),
      ben.submit(forms[1]!, { accept: '$ npm run lint' }),
    ]);
    await Promise.all(answers.map((answer) => answer.answer()));
    expect(bot.store.jobs.findByName('fixer')).toMatchObject({ goal: 'by ada', checks: [{ command: 'npm run lint' }] });
  });
});
