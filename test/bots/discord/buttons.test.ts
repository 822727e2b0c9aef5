import { afterEach, describe, expect, test } from 'vitest';

import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';
import { modalFields } from '../../support/discord-server/acts/submit-modal.ts';
import type { Message } from '../../support/discord-server/world.ts';

let lab: DiscordDesk;
afterEach(() => lab.stop());

async function withJob() {
  lab = await startDiscordDesk();
  await (await lab.ada.command('claude schedule', { goal: 'fix it', project: 'api', name: 'fixer' })).answer();
  const [job] = await lab.server.until(() => lab.posted(1), 'the message of the job');
  return { ...lab, job: job! };
}

/** The message with this button, once edits have gone out. */
async function messageWith(button: string): Promise<Message> {
  await lab.settle();
  return lab.server.until(
    () => lab.server.messagesIn(lab.server.general).find((each) => JSON.stringify(each.components).includes(button)),
    `a message with ${button}`,
  );
}

describe('on the message of a job', () => {
  test('Run now, Pause, Resume and Edit act for who presses them, and answer them alone', async () => {
    const { ada, bot, job, server } = await withJob();
    const paused = await ada.press(job, 'Pause');
    expect(paused.tookMs).toBeLessThan(1000);
    expect((await paused.answer()).flags & 64).toBe(64);
    expect(bot.store.jobs.findByName('fixer')?.paused).toEqual({ until: null });
    await messageWith('nd:resume:fixer');
    await (await ada.press(job, 'Resume')).answer();
    expect(modalFields(await ada.press(job, 'Edit'))).toMatchObject({ goal: 'fix it' });
    await messageWith('nd:run:fixer');
    await (await ada.press(job, 'Run now')).answer();
    expect(bot.store.runs.list({ limit: 9 })).toHaveLength(1);
    expect(server.messagesIn(server.general).every(({ flags }) => (flags & 64) === 0)).toBe(true);
  });

  test('Delete asks once, and the question goes with its answer', async () => {
    const { ada, bot, job } = await withJob();
    const question = await (await ada.press(job, 'Delete')).answer();
    expect(question.content).toBe('Delete `fixer` for good?');
    expect(bot.store.jobs.list()).toHaveLength(1);
    const done = await ada.press(question, 'Delete');
    expect((await done.answer()).components).toEqual([]);
    expect(bot.store.jobs.list()).toEqual([]);
  });

  test('who may not is refused, and nothing is done', async () => {
    const { server, bot, job } = await withJob();
    const eve = server.addPerson('eve');
    expect((await (await eve.press(job, 'Run now')).answer()).content).toMatch(/no job|may/);
    expect(bot.store.runs.list({ limit: 9 })).toEqual([]);
  });
});

describe('on the message of a run', () => {
  test('Cancel, Log, Retry and Retry with a note', async () => {
    const { ada, bot } = await withJob();
    await (await ada.command('claude run', { job: 'fixer' })).answer();
    bot.runner.report({ transcriptPath: import.meta.filename });
    const ended = await messageWith('nd:retry-with-note:r1');
    const log = await (await ada.press(ended, 'Log')).answer();
    expect(log.attachments).toHaveLength(1);
    expect(log.flags & 64).toBe(64);
    const form = await ada.press(ended, 'Retry with a note');
    expect(form.kind).toBe('modal');
    await (await ada.submit(form, { note: 'the API has moved' })).answer();
    expect(JSON.stringify(bot.store.runs.get(2))).toContain('the API has moved');
    const live = await messageWith('nd:cancel:r2');
    await (await ada.press(live, 'Cancel')).answer();
    expect(bot.runner.cancelled).toEqual(['r2-1']);
    bot.runner.report({ isCancelled: true });
    const cancelled = await messageWith('nd:retry:r2');
    await (await ada.press(cancelled, 'Retry')).answer();
    expect(bot.store.runs.get(3)).toBeDefined();
  });

  test('two people who retry at once make one retry, and the second is told of the first', async () => {
    const { server, settings, ada, bot } = await withJob();
    const ben = server.addPerson('ben');
    settings.access.admins.push(ben.reference);
    await (await ada.command('claude run', { job: 'fixer' })).answer();
    bot.runner.report();
    const ended = await messageWith('nd:retry:r1');
    const answers = await Promise.all([ada, ben].map(async (who) => (await who.press(ended, 'Retry')).answer()));
    expect(answers.map(({ content }) => content).join('\n')).toContain('r2');
    expect(bot.store.runs.list({ limit: 9 }).map(({ id }) => id)).toEqual([2, 1]);
  });
});

test('the menu of a list shows the job that is chosen, with its buttons', async () => {
  const { ada } = await withJob();
  await (await ada.command('claude schedule', { goal: 'more', project: 'web', name: 'other' })).answer();
  const list = await (await ada.command('claude list')).answer();
  const card = await (await ada.choose(list, ['other'])).answer();
  expect(card.content).toContain('other');
  await (await ada.press(card, 'Pause')).answer();
  expect(lab.bot.store.jobs.findByName('other')?.paused).toEqual({ until: null });
});

test('the same click delivered twice acts once', async () => {
  const { server, ada, bot, job } = await withJob();
  const sent: unknown[] = [];
  const tell = server.world.tell;
  server.world.tell = (event) => {
    sent.push(event);
    tell(event);
  };
  await (await ada.press(job, 'Run now')).answer();
  for (const event of sent as Parameters<typeof tell>[0][]) if (event.name === 'INTERACTION_CREATE') tell(event);
  await (await ada.command('claude projects')).answer();
  expect(bot.store.runs.list({ limit: 9 })).toHaveLength(1);
});
