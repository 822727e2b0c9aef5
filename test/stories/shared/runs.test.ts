import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { fakeCheck, fakeClaude } from '../../support/fake-runner.ts';
import { allPlatforms } from '../../support/platforms/all-platforms.ts';
import type { Name, Seen, Stage } from '../../support/platforms/platform.ts';

let folder: string;
let files: { transcriptPath: string; patchPath: string };
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-files-'));
  files = { transcriptPath: path.join(folder, 'log'), patchPath: path.join(folder, 'patch') };
  for (const file of Object.values(files)) writeFileSync(file, 'text');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(allPlatforms)('on $name', (platform) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await platform.start();
  });
  afterEach(() => stage.stop());

  const runIds = (): number[] =>
    stage.desk.store.runs
      .list({ limit: 20 })
      .map(({ id }) => id)
      .sort((one, other) => one - other);

  /** A run of `owner`, at work, with its message. */
  async function liveRun(owner: Name = 'ada'): Promise<Seen> {
    const person = stage[owner];
    const names = { ada: 'tidy', ben: 'bens', cleo: 'cleos', eve: '', gus: '' };
    await person.command('schedule', { goal: 'tidy the docs', project: 'api', name: names[owner] });
    await person.press(await stage.message(`${names[owner]} scheduled by`), 'Run now');
    return stage.message(/^⏳ \w+ r\d+ /);
  }

  async function endedRun(owner: Name = 'ada', change: Parameters<Stage['runner']['report']>[0] = {}): Promise<Seen> {
    await liveRun(owner);
    stage.runner.report(change);
    await stage.settle();
    return stage.message(/r\d+ (?:succeeded|finished|failed)/);
  }

  test('a run has one message, which is edited in place and ends as the headline', async () => {
    const live = await liveRun();
    expect(live.buttons).toEqual(['Cancel']);
    expect(live.text).toContain('attempt 1');
    await stage.until('the control', () => stage.seen().at(-1)?.controls.join() === 'cancel');
    const [attempt] = stage.runner.started;
    stage.runner.progress({ attemptId: attempt?.attemptId ?? '', step: 'claude', detail: 'npm test', toolCalls: 31 });
    await stage.settle();
    expect(await stage.message('running npm test · 31 tool calls')).toMatchObject({ id: live.id });
    stage.runner.report({
      checksBefore: [fakeCheck('npm test', 1)],
      checksAfter: [fakeCheck('npm test', 0)],
      claude: fakeClaude({ result: { ...fakeClaude().result!, text: 'Two links mended.' } }),
    });
    await stage.settle();
    const ended = await stage.message('✅ tidy r1 succeeded');
    expect(ended.id).toBe(live.id);
    expect(ended.text).toMatch(/checks: npm test failed before, passes now/);
    expect(ended.text).toMatch(/Claude says:\s+Two links mended\./);
    expect(ended.buttons).toEqual(['Retry', 'Retry with a note']);
    await stage.until('the control', () => stage.seen().at(-1)?.controls.join() === 'retry');
    expect(stage.seen()).toHaveLength(2);
  });

  test('its thread has the proof, the transcript and the patch', async () => {
    const ended = await endedRun('ada', { ...files, checksAfter: [fakeCheck('npm test', 0)] });
    const thread = await stage.until('the files', () => {
      const replies = stage.thread(ended);
      return replies.some((reply) => reply.files.length > 0) && replies;
    });
    expect(thread.flatMap((reply) => reply.files)).toEqual(['attempt-1.log', 'changes.patch']);
    expect(thread.map(({ text }) => text).join('\n')).toContain('✅ npm test passes');
    expect(ended.buttons).toContain('Log');
    expect(await (await stage.ben.press(ended, 'Log')).files()).toEqual(['r1-attempt-1.log']);
  });

  test('a failed attempt is told in the thread, and a failed run to its owner', async () => {
    const { ben, runner } = stage;
    await ben.command('schedule', { goal: 'tidy the docs', project: 'api', name: 'bens', retries: '1' });
    await ben.press(await stage.message('bens scheduled by'), 'Run now');
    const { id } = await stage.message('⏳ bens r1');
    const checksAfter = [fakeCheck('npm test', 1, 'Tests 1 failed')];
    runner.report({ checksAfter });
    await stage.until('the next attempt', () => runner.started.length === 2);
    runner.report({ checksAfter });
    await stage.settle();
    const ended = await stage.message('❌ bens r1 failed after 2 attempts: npm test exits 1');
    expect(ended.id).toBe(id);
    const thread = stage.thread(ended);
    expect(thread[0]?.text).toContain('attempt 1: npm test exits 1');
    expect(thread[0]?.text).toContain('Tests 1 failed');
    const news = thread.find(({ text }) => text.startsWith('@ben'));
    expect(news?.text).toContain('❌ bens r1 failed');
    expect(news?.tells).toEqual(['ben']);
  });

  test('a button retries and cancels, and who asked is said', async () => {
    const live = await liveRun('ben');
    await stage.ben.press(live, 'Cancel');
    await stage.until('the cancel', () => stage.runner.cancelled.length === 1);
    stage.runner.report({ isCancelled: true });
    await stage.settle();
    const ended = await stage.message('🛑 bens r1 cancelled by @ben');
    await stage.ada.retryWithNote(ended, 'the links have moved');
    await stage.message('⏳ bens r2');
    expect(stage.desk.store.runs.get(2)).toMatchObject({
      note: 'the links have moved',
      requestedBy: stage.ada.reference,
    });
    await stage.settle();
    const retry = await stage.message('⏳ bens r2');
    const told = stage.thread(retry).map(({ text }) => text);
    expect(told.join('\n')).toContain('Retry of r1, asked for by @ada.');
    expect(acts('ada')).toEqual([`retry r1 in ${stage.channel}`]);
    expect(acts('ben').at(-1)).toBe(`cancel r1 in ${stage.channel}`);
  });

  test('a reaction retries after five seconds in which it can be taken back', async () => {
    const ended = await endedRun('ben');
    await stage.ben.react(ended, 'retry');
    await stage.until('the reaction', () => pending() === 1);
    await stage.ben.takeBack(ended, 'retry');
    await stage.until('it taken back', () => pending() === 0);
    stage.desk.clock.advance(6_000);
    await stage.settle();
    expect(runIds()).toEqual([1]);
    await stage.ben.react(ended, 'retry');
    await stage.until('the reaction', () => pending() === 1);
    await stage.settle();
    await stage.message('⏳ bens r2');
    expect(stage.thread(ended).map(({ text }) => text)).toContainEqual('🔁 @ben retries it: r2.');
  });

  test('a reaction cancels', async () => {
    const live = await liveRun('ben');
    await stage.ben.react(live, 'cancel');
    await stage.until('the reaction', () => pending() === 1);
    await stage.settle();
    expect(stage.runner.cancelled).toEqual(['r1-1']);
  });

  /** What the audit has of somebody. */
  const acts = (name: Name): string[] =>
    stage.desk.store.audit.list().flatMap(({ person, channel, act, target }) => {
      return person === stage[name].reference ? [`${act} ${target} in ${channel}`] : [];
    });

  const pending = (): number => stage.desk.store.reactions.due(new Date(8_640_000_000_000_000)).length;

  test('who has no right is told what it takes, by a button and by a reaction, and nothing is done', async () => {
    const ended = await endedRun('ben');
    const answer = await (await stage.eve.press(ended, 'Retry')).answer();
    expect(answer.text).toContain(stage.eve.reference);
    expect(answer.text).toContain('access.api.');
    await stage.eve.react(ended, 'retry');
    await stage.until('the reaction', () => pending() === 1);
    await stage.settle();
    const refusal = await stage.until('the refusal', () =>
      stage.thread(ended).find(({ text }) => text.includes('may not retry')),
    );
    expect(refusal.text).toContain('@eve may not retry this run: it takes a maintainer of api');
    expect(runIds()).toEqual([1]);
    const [, ben] = stage.ben.reference.split(':');
    expect(acts('eve')).toEqual([
      `refused retry the run of @${ben} in api in ${stage.channel}`,
      `refused retry r1 in ${stage.channel}`,
    ]);
  });

  test('a group gives the right; a member has it for what is theirs', async () => {
    const own = await endedRun('cleo');
    await stage.cleo.press(own, 'Retry');
    await stage.message('⏳ cleos r2');
    expect((await (await stage.ben.press(await stage.message('⏳ cleos r2'), 'Cancel')).answer()).text).toContain(
      stage.ben.reference,
    );
    await stage.settle();
    expect(stage.runner.cancelled).toEqual([]);
  });

  test('a guest is shown nothing and may do nothing', async () => {
    const ended = await endedRun('ben');
    const { gus } = stage;
    expect((await (await gus.command('projects')).answer()).text).not.toMatch(/api|site/);
    expect((await (await gus.command('list')).answer()).text).not.toContain('bens');
    expect((await (await gus.command('schedule', { goal: 'a thing', project: 'api' })).answer()).text).toContain(
      gus.reference,
    );
    await (await gus.press(ended, 'Retry')).answer();
    await gus.react(ended, 'retry');
    await stage.settle();
    expect(runIds()).toEqual([1]);
    expect(stage.desk.store.jobs.list()).toHaveLength(1);
    expect(
      stage
        .thread(ended)
        .map(({ text }) => text)
        .join('\n'),
    ).not.toContain('@gus');
  });

  test('two people who retry at once make one retry, and the second is told of the first', async () => {
    const ended = await endedRun('ben');
    await Promise.all([stage.ada.press(ended, 'Retry'), stage.ben.press(ended, 'Retry')]);
    await stage.message('⏳ bens r2');
    await stage.settle();
    expect(runIds()).toEqual([1, 2]);
    expect(stage.runner.started.map(({ run }) => run)).toEqual([1, 2]);
  });

  test('the controls of a message from before a restart work', async () => {
    const ended = await endedRun('ben');
    await stage.restart();
    await stage.ben.react(ended, 'retry');
    await stage.until('the reaction', () => pending() === 1);
    await stage.settle();
    const live = await stage.message('⏳ bens r2');
    await stage.restart();
    await stage.ben.press(live, 'Cancel');
    await stage.until('the cancel', () => stage.runner.cancelled.includes('r2-1'));
    expect(runIds()).toEqual([1, 2]);
  });

  test.runIf(platform.nature.hasMentions)('a mention in the thread of a run is answered there, and acts', async () => {
    const ended = await endedRun('ben', files);
    const answered = async (words: string, who: Name): Promise<string> => {
      const before = stage.thread(ended).length;
      await stage[who].mention(words, ended);
      return stage.until(`the answer to ${words}`, () => stage.thread(ended)[before]?.text);
    };
    expect(await answered('status', 'eve')).toContain('bens r1');
    expect(await answered('attempts', 'eve')).toContain('attempt 1: ');
    expect(await answered('help', 'eve')).toContain('retry');
    expect(await answered('retry please', 'eve')).toContain(stage.eve.reference);
    expect(await answered('retry with more care', 'ben')).toContain('r2');
    expect(stage.desk.store.runs.get(2)?.note).toBe('with more care');
    const live = await stage.message('⏳ bens r2');
    await stage.settle();
    await stage.ben.mention('cancel', live);
    await stage.until('the cancel', () => stage.runner.cancelled.includes('r2-1'));
  });
});
