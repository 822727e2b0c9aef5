import { afterEach, describe, expect, test } from 'vitest';

import { createReadDesk } from '../../../src/desk/read-desk.ts';
import { fakeCheck } from '../../support/fake-runner.ts';
import { allPlatforms } from '../../support/platforms/all-platforms.ts';
import type { Stage } from '../../support/platforms/platform.ts';

/** A hundred runs take a busy machine longer than a test has. */
const busyMs = 120_000;

describe.each(allPlatforms)('on $name', (platform) => {
  let stage: Stage;
  afterEach(() => stage.stop());

  const runCount = (): number => stage.desk.store.runs.list({ limit: 200 }).length;

  const pending = (): number => stage.desk.store.reactions.due(new Date(8_640_000_000_000_000)).length;

  async function startRun(name: string, channel = stage.channel): Promise<void> {
    const typed = { goal: 'tidy the docs', project: 'api', name, retries: '0', when: 'now' };
    await stage.ben.command('schedule', typed, channel);
    await stage.until(`the job ${name}`, () => stage.desk.store.jobs.findByName(name));
    // The bell rings for it.
    stage.desk.clock.advance(0);
  }

  test('what is delivered again three times, across a restart, acts once', async () => {
    stage = await platform.start();
    const { ben } = stage;
    // Whatever comes again could be done again: the job has no name of its own to be taken, and no run goes on.
    await ben.command('schedule', { goal: 'tidy the docs', project: 'api', retries: '0', when: 'now' });
    await stage.until('the job', () => stage.desk.store.jobs.list().length === 1);
    stage.desk.clock.advance(0);
    const endOf = async (run: string) => {
      await stage.message(new RegExp(`⏳ .* ${run} `));
      stage.runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
      await stage.settle();
      return stage.message(new RegExp(`✅ .* ${run} `));
    };
    const ended = await endOf('r1');
    const told = (): number => stage.thread(ended).length;
    await stage.until('the proof', told);
    await ben.press(ended, 'Retry');
    const again = await endOf('r2');
    await ben.react(again, 'retry');
    await stage.until('the reaction', () => pending() === 1);
    await stage.settle();
    await endOf('r3');
    if (platform.nature.hasMentions) {
      const before = told();
      await ben.mention('status', ended);
      await stage.until('the answer', () => told() === before + 1);
    }
    const shown = (): string[] => [...stage.seen(), ...stage.thread(ended)].map(({ id }) => id);
    const before = shown();
    await stage.redeliver(1);
    await stage.restart();
    await stage.redeliver(3);
    // What one person does is carried out in its order.
    await (await ben.command('projects')).answer();
    await stage.settle();
    if (platform.nature.hasMentions) {
      // An answer to what was delivered again is on its way before this one.
      const there = stage.thread(again).length;
      await ben.mention('status', again);
      await stage.until('the last answer', () => stage.thread(again).length > there);
    }
    expect(pending()).toBe(0);
    expect(runCount()).toBe(3);
    expect(stage.desk.store.jobs.list()).toHaveLength(1);
    expect(shown()).toEqual(before);
  });

  test(
    'a hundred runs that end at once in ten channels are all told; a channel that is limited holds up no other',
    async () => {
      stage = await platform.start();
      const ten = Array.from({ length: 10 }, (_, index) => index);
      const channels = ten.map((index) => stage.addChannel(`night-${index}`));
      const typed = { goal: 'tidy the docs', project: 'api', retries: '0', when: 'now' };
      for (const job of ten) {
        await Promise.all(
          channels.map((channel, index) =>
            stage.ben.command('schedule', { ...typed, name: `job-${index}-${job}` }, channel),
          ),
        );
      }
      await stage.until('a hundred jobs', () => stage.desk.store.jobs.list().length === 100);
      stage.desk.clock.advance(0);
      await stage.until('a hundred runs', () => stage.runner.started.length === 100);
      await stage.settle();
      const [limited = '', ...others] = channels;
      const unlimit = stage.limit(limited);
      for (const { attemptId } of stage.runner.started) {
        stage.runner.report({ attemptId, checksAfter: [fakeCheck('npm test', 0)] });
      }
      const told = (channel: string): number =>
        stage.seen(channel).filter((run) => run.text.includes(' succeeded') && stage.thread(run).length === 1).length;
      await stage.settle();
      expect(others.map(told)).toEqual(others.map(() => 10));
      const isLimited = platform.nature.faults.length > 0;
      expect(told(limited)).toBe(isLimited ? 0 : 10);
      unlimit();
      // What was limited is tried again when the platform said so.
      for (let turn = 0; turn < 200 && told(limited) < 10; turn += 1) await stage.settle();
      // Each job and each run has one message, and each result stands in its thread once.
      expect(channels.map(told)).toEqual(channels.map(() => 10));
      expect(channels.map((channel) => stage.seen(channel).length)).toEqual(channels.map(() => 20));
    },
    busyMs,
  );

  describe.each(platform.nature.faults)('where the channel is lost to the bot (%s)', (fault) => {
    test('the run goes on, its result waits and is on the page, its owner is told, and it comes after the mending', async () => {
      stage = await platform.start();
      await startRun('tidy');
      const live = await stage.message('⏳ tidy r1');
      await stage.settle();
      stage.breakChannel(fault);
      stage.runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
      const { desk, ben } = stage;
      await desk.desk.delivered();
      expect(desk.store.runs.get(1)?.status).toBe('failed');
      expect(desk.store.outbox.waitingChannels()).toContain(stage.channel);
      const page = createReadDesk({
        store: desk.store,
        runner: stage.runner,
        settings: desk.settings,
        now: desk.clock.now,
      });
      expect(page.findRun(ben.reference, 1)).toMatchObject({ status: 'failed' });
      // Without its token the bot can tell nobody.
      const [news] = ben.direct().map(({ text }) => text.split('\n')[0]);
      expect(news).toBe(
        fault === 'revoked' ? undefined : `⚠️ The result of tidy r1 could not be shown in ${stage.channel}.`,
      );
      stage.mendChannel(fault);
      desk.clock.advance(31 * 60_000);
      await desk.desk.delivered();
      desk.clock.advance(31 * 60_000);
      await desk.desk.delivered();
      expect(await stage.message('❌ tidy r1 failed')).toMatchObject({ id: live.id });
      const thread = stage.thread(live).map(({ text }) => text);
      expect(thread.filter((text) => text.startsWith('@ben'))).toHaveLength(1);
      expect(desk.store.outbox.waitingChannels().filter((channel) => !channel.includes('@'))).toEqual([]);
      desk.faults.splice(0);
    });
  });

  test.runIf(platform.nature.hasMembership)(
    'the jobs of an owner who has left go on; the channel is told once, and a maintainer takes them over',
    async () => {
      stage = await platform.start();
      await startRun('tidy');
      await stage.message('⏳ tidy r1');
      stage.ben.leave();
      // Who somebody is, is known for a minute.
      stage.desk.clock.advance(61_000);
      stage.runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
      await stage.settle();
      await stage.ada.command('run', { job: 'tidy' });
      await stage.until('the second run', () => stage.runner.started.length === 2);
      stage.runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
      await stage.settle();
      const gone = stage.seen().filter(({ text }) => text.includes('@ben has left'));
      expect(gone).toHaveLength(1);
      expect(gone[0]?.text).toContain('tidy goes on');
      const owner = stage.ada.reference.replace(/^discord:/, '');
      await stage.ada.command('edit', { job: 'tidy', owner });
      await stage.until('the new owner', () => stage.desk.store.jobs.findByName('tidy')?.owner === stage.ada.reference);
    },
  );
});
