import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { fakeCheck, fakeClaude } from '../../support/fake-runner.ts';
import { allPlatforms } from '../../support/platforms/all-platforms.ts';
import type { Stage } from '../../support/platforms/platform.ts';

let folder: string;
let transcriptPath: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-commands-'));
  transcriptPath = path.join(folder, 'log');
  writeFileSync(transcriptPath, 'text');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(allPlatforms)('on $name', (platform) => {
  let stage: Stage;
  afterEach(() => stage.stop());

  test('every subcommand does what it says, and is told where it belongs', async () => {
    stage = await platform.start();
    const { ada, runner } = stage;
    const answer = async (...command: Parameters<typeof ada.command>): Promise<string> =>
      (await (await ada.command(...command)).answer()).text;
    expect(await answer('help')).toContain('schedule');
    expect(await answer('help', { topic: 'accept' })).toContain('npm test');
    expect(await answer('projects')).toMatch(/api[^]*site/);
    await ada.command('schedule', { goal: 'tidy the docs', project: 'api', name: 'tidy', when: 'daily at 2am' });
    await stage.message('tidy scheduled by @ada');
    expect(await answer('list')).toMatch(/tidy · project api · every day at 02:00/);
    expect(await answer('show', { run: 'tidy' })).toContain('tidy the docs');
    await ada.command('edit', { job: 'tidy', when: 'daily at 3am', 'add-accept': '$ npm test' });
    await stage.until('the edit', () => stage.desk.store.jobs.findByName('tidy')?.checks.length === 1);
    await stage.settle();
    await stage.message(/tidy scheduled by @ada: every day at 03:00[^]*checks: npm test/);
    await ada.command('pause', { job: 'tidy', for: '3 days' });
    await stage.until('the pause', () => stage.desk.store.jobs.findByName('tidy')?.paused);
    await stage.settle();
    expect((await stage.message('⏸️ paused until [')).buttons).toContain('Resume');
    await ada.command('resume', { job: 'tidy' });
    await stage.until('the end of it', () => stage.desk.store.jobs.findByName('tidy')?.paused === null);
    await ada.command('run', { job: 'tidy' });
    await stage.message('⏳ tidy r1');
    await ada.command('cancel', { run: 'r1' });
    await stage.until('the cancel', () => runner.cancelled.length === 1);
    runner.report({ isCancelled: true });
    await stage.settle();
    await stage.message('🛑 tidy r1 cancelled by @ada');
    await ada.command('retry', { run: 'r1', note: 'with care' });
    await stage.message('⏳ tidy r2');
    runner.report({ transcriptPath, checksAfter: [fakeCheck('npm test', 0)] });
    await stage.settle();
    await stage.message('✅ tidy r2 succeeded');
    expect(await answer('history', { job: 'tidy' })).toMatch(/r2 succeeded[^]*r1 cancelled/);
    expect(await (await ada.command('log', { run: 'r2' })).files()).toEqual(['r2-attempt-1.log']);
    await ada.command('delete', { job: 'tidy' });
    await stage.until('the deletion', () => stage.desk.store.jobs.findByName('tidy') === undefined);
    await stage.settle();
    expect((await stage.message('🗑️ tidy is deleted')).buttons).toEqual([]);
  });

  test('nothing that Claude, a check or a person wrote calls anybody or leads where it does not say', async () => {
    stage = await platform.start();
    const { ada, ben, runner } = stage;
    const id = ben.reference.split(':')[1] ?? '';
    const evil = [
      `@everyone @here <!channel> <!here> <@${id}> <@&1> @ben`,
      '[the docs](https://evil.example/login) <https://evil.example|the docs>',
      '# heading',
      '||hidden|| ~~struck~~ <t:0:R> </claude:1>',
      '```\nopen',
    ].join('\n');
    await ada.command('schedule', {
      goal: 'say @everyone hello',
      project: 'api',
      name: 'tidy',
      accept: '$ echo @everyone',
    });
    await ada.press(await stage.message('tidy scheduled by'), 'Run now');
    await stage.message('⏳ tidy r1');
    const result = { ...fakeClaude().result, text: evil } as ReturnType<typeof fakeClaude>['result'];
    runner.report({
      claude: fakeClaude({ result, lastWords: evil }),
      checksAfter: [fakeCheck('echo @everyone', 0, evil)],
    });
    await stage.settle();
    const ended = await stage.message('✅ tidy r1 succeeded');
    const shown = [...stage.seen(), ...stage.thread(ended)];
    expect(shown.map(({ text }) => text).join('\n')).toContain('heading');
    expect(shown.flatMap(({ acts }) => acts)).toEqual([]);
    expect(shown.flatMap(({ tells }) => tells).filter((name) => name !== 'ada')).toEqual([]);
  });
});
