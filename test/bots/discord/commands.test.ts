import { afterEach, describe, expect, test } from 'vitest';

import { commandOptions, maxDescription } from '../../../src/bots/discord/command-options.ts';
import { defineCommand } from '../../../src/bots/discord/define-command.ts';
import { editFlagNames } from '../../../src/model/grammar/flag-rules.ts';
import { subcommands } from '../../../src/model/grammar/subcommands.ts';
import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';
import { modalFields } from '../../support/discord-server/acts/submit-modal.ts';

let lab: DiscordDesk;
afterEach(() => lab.stop());

const api = { project: 'api' };

describe('schedule', () => {
  test('makes a job of its options, each exactly as it was typed', async () => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    const shown = await ada.command('claude schedule', {
      goal: 'mend `--when` in "the docs" \\',
      ...api,
      when: 'weekdays at 2am',
      accept: '$ npm test\nno page is lost; none, at all',
      timezone: 'Europe/Berlin',
      timeout: '90m',
      retries: '1',
      budget: '5',
      notify: 'always',
      overlap: 'queue',
      'catch-up': 'all',
      'catch-up-within': '2 days',
      name: 'docs',
    });
    const answer = await shown.answer();
    expect(answer.flags & 64).toBe(64);
    expect(answer.content).toContain('docs');
    expect(bot.store.jobs.findByName('docs')).toMatchObject({
      goal: 'mend `--when` in "the docs" \\',
      project: 'api',
      owner: ada.reference,
      channel: `discord:${server.general.id}`,
      schedule: { zone: 'Europe/Berlin' },
      checks: [
        { kind: 'command', command: 'npm test' },
        { kind: 'sentence', sentence: 'no page is lost; none, at all' },
      ],
      settings: {
        timeoutMs: 90 * 60_000,
        retries: 1,
        budgetUsd: 5,
        notify: 'always',
        overlap: 'queue',
        catchUp: 'all',
        catchUpWithinMs: 172_800_000,
      },
    });
    const messages = await server.until(() => lab.posted(1), 'the message of the job');
    expect(JSON.stringify(messages[0])).toContain('docs');
  });

  test('lists each fault at its option, and Fix it opens the form with everything that was typed', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    const typed = { goal: 'fix it', ...api, when: 'weekdyas 2am', accept: '$ npm test\ntidy', timeout: '2' };
    const answer = await (await ada.command('claude schedule', typed)).answer();
    expect(answer.content).toMatch(/\*\*Time limit\*\*: .*\n\*\*When\*\*: .*weekdays at 2am/);
    expect(bot.store.jobs.list()).toEqual([]);

    const form = await ada.press(answer, 'Fix it');
    expect(modalFields(form)).toMatchObject({
      goal: 'fix it',
      when: 'weekdyas 2am',
      accept: '$ npm test\ntidy',
      more: '--timeout 2',
    });
    expect(JSON.stringify(form.modal)).toContain('Did you mean `weekdays at 2am`?');

    const done = await ada.submit(form, { when: 'weekdays at 2am', more: '--timeout 2h', project: ['api'] });
    expect((await done.answer()).content).toContain('weekdays at 02:00');
    expect(bot.store.jobs.list()).toMatchObject([
      { goal: 'fix it', project: 'api', settings: { timeoutMs: 7_200_000 } },
    ]);
    expect(bot.store.drafts.expiries()).toEqual([]);
  });
});

describe('the other commands', () => {
  test('take a job, a run and what stands behind', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    const say = async (words: string, options = {}): Promise<string> =>
      (await (await ada.command(`claude ${words}`, options)).answer()).content;
    await say('schedule', { goal: 'fix it', ...api, name: 'fixer' });
    expect(await say('list')).toContain('fixer');
    expect(await say('show', { run: 'fixer' })).toContain('fix it');
    expect(await say('pause', { job: 'fixer', for: '3 days' })).toContain('paused');
    expect(await say('resume', { job: 'all' })).toMatch(/fixer|resumed/);
    expect(await say('run', { job: 'fixer' })).toContain('r1');
    bot.runner.report();
    expect(await say('history', { job: 'fixer' })).toContain('r1');
    expect(await say('log', { run: 'r1' })).toMatch(/r1|log/);
    expect(await say('retry', { run: 'r1', note: 'use --when as it is' })).toContain('r2');
    expect(JSON.stringify(bot.store.runs.get(2))).toContain('use --when as it is');
    expect(await say('cancel', { run: 'r2' })).toMatch(/r2/);
    expect(await say('projects')).toContain('secret');
    expect(await say('help', { topic: 'when' })).toContain('weekdays 2am');
    expect(await say('show', { run: 'two words' })).toContain('takes');
    expect(bot.faults).toEqual([]);
  });

  test('edit reads every option as it was typed, and takes a setting away with none', async () => {
    const { ada, bot } = (lab = await startDiscordDesk());
    await (await ada.command('claude schedule', { goal: 'fix it', ...api, name: 'fixer', budget: '5' })).answer();
    const edit = {
      job: 'fixer',
      goal: 'say "hi" with `--when`',
      budget: 'none',
      'add-accept': '$ npm test\nno "loss"\n$ set -e\n    npm run "all of it"',
    };
    await (await ada.command('claude edit', edit)).answer();
    expect(bot.store.jobs.findByName('fixer')).toMatchObject({
      goal: 'say "hi" with `--when`',
      checks: [{ command: 'npm test' }, { sentence: 'no "loss"' }, { command: 'set -e\nnpm run "all of it"' }],
    });
    expect(bot.store.jobs.findByName('fixer')?.settings.budgetUsd).toBeUndefined();
  });

  test('a job is handed to another person, who is picked from those of the server', async () => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    const ben = server.addPerson('ben');
    await (await ada.command('claude schedule', { goal: 'fix it', ...api, name: 'fixer' })).answer();
    await (await ada.command('claude edit', { job: 'fixer', owner: ben.id })).answer();
    expect(bot.store.jobs.findByName('fixer')?.owner).toBe(ben.reference);
  });

  test('an edit that can not be read is kept, and names the option', async () => {
    const { ada } = (lab = await startDiscordDesk());
    await (await ada.command('claude schedule', { goal: 'fix it', ...api, name: 'fixer' })).answer();
    const answer = await (await ada.command('claude edit', { job: 'fixer', timeout: 'soon' })).answer();
    expect(answer.content).toContain('--timeout soon');
    expect(modalFields(await ada.press(answer, 'Fix it'))).toMatchObject({ goal: 'fix it', more: /--timeout soon/ });
  });

  test('in a thread belong to the channel that it was made in', async () => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    await (await ada.command('claude schedule', { goal: 'fix it', ...api, name: 'fixer' })).answer();
    await (await ada.command('claude run', { job: 'fixer' })).answer();
    bot.runner.report({});
    const thread = await server.until(
      () => [...server.world.channels.values()].find(({ type }) => type === 11),
      'thread',
    );
    await (await ada.command('claude schedule', { goal: 'more', ...api, name: 'more' }, thread)).answer();
    expect(bot.store.jobs.findByName('more')?.channel).toBe(`discord:${server.general.id}`);
  });
});

describe('what is suggested', () => {
  test('is only what the person may see or schedule in', async () => {
    const { server, settings, ada } = (lab = await startDiscordDesk());
    const role = server.addRole('web team');
    const ben = server.addPerson('ben', [role.id]);
    settings.access.projects['web'] = { viewers: [], members: [`discord:role-${role.id}`], maintainers: [] };
    await (await ada.command('claude schedule', { goal: 'x', project: 'web', name: 'web-job' })).answer();
    await (await ada.command('claude schedule', { goal: 'x', project: 'secret', name: 'secret-job' })).answer();
    await (await ada.command('claude run', { job: 'secret-job' })).answer();
    const values = (choices: { value: string | number }[]) => choices.map(({ value }) => value);
    expect(values(await ben.complete('claude schedule', 'project'))).toEqual(['web']);
    expect(values(await ben.complete('claude edit', 'job'))).toEqual(['web-job']);
    expect(values(await ben.complete('claude log', 'run'))).toEqual(['web-job']);
    expect(values(await ada.complete('claude log', 'run', { run: 'secret' }))).toEqual(['r1', 'secret-job']);
    expect(values(await ada.complete('claude resume', 'job', { job: 'lo' }))).toEqual(['login']);
    expect(values(await server.addPerson('eve').complete('claude pause', 'job'))).toEqual(['all']);
  });
});

test('somebody of the right role may what their role may, and a stranger is shown their id', async () => {
  const { server, settings, bot } = (lab = await startDiscordDesk());
  const role = server.addRole('api team');
  settings.access.projects['api'] = { viewers: [], members: [`discord:role-${role.id}`], maintainers: [] };
  const eve = server.addPerson('eve');
  const refused = await (await eve.command('claude schedule', { goal: 'x', ...api })).answer();
  expect(refused.content).toContain(eve.reference);
  expect(refused.flags & 64).toBe(64);
  await (await server.addPerson('ben', [role.id]).command('claude schedule', { goal: 'x', ...api })).answer();
  expect(bot.store.jobs.list()).toHaveLength(1);
});

describe('the definition', () => {
  test('has every command of the grammar, and every flag of edit', async () => {
    lab = await startDiscordDesk();
    const { options = [], ...command } = defineCommand('/night');
    expect(command).toMatchObject({ name: 'night', contexts: [0] });
    expect(options.map(({ name }) => name)).toEqual([...subcommands]);
    expect(commandOptions.edit.map(({ name }) => name)).toEqual([
      'job',
      ...editFlagNames.map((flag) => (flag === 'zone' ? 'timezone' : flag)),
    ]);
  });

  test('keeps what Discord allows', async () => {
    lab = await startDiscordDesk();
    const all = [
      defineCommand('/claude'),
      ...(defineCommand('/claude').options ?? []),
      ...Object.values(commandOptions).flat(),
    ];
    for (const { name, description } of all) {
      expect(name).toMatch(/^[-_a-z0-9]{1,32}$/);
      expect(description.length).toBeLessThanOrEqual(maxDescription);
      expect(description).not.toMatch(/…$/);
    }
    expect(Object.values(commandOptions).every((options) => options.length <= 25)).toBe(true);
    expect(all.reduce((sum, { name, description }) => sum + name.length + description.length, 0)).toBeLessThan(8_000);
  });
});
