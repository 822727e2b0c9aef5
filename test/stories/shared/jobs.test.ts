import { afterEach, describe, expect, test } from 'vitest';

import { allPlatforms } from '../../support/platforms/all-platforms.ts';
import type { Stage } from '../../support/platforms/platform.ts';

describe.each(allPlatforms)('on $name', (platform) => {
  let stage: Stage;
  afterEach(() => stage.stop());

  test('a line makes a job, which the channel is shown with its buttons', async () => {
    stage = await platform.start();
    const { ada, desk } = stage;
    await ada.command('schedule', { goal: 'tidy the docs', project: 'api', when: 'daily at 2am', name: 'tidy' });
    const job = await stage.message('tidy scheduled by @ada: every day at 02:00');
    expect(job.buttons).toEqual(['Run now', 'Pause', 'Edit', 'Delete']);
    expect(job.text).toContain('project api');
    expect(desk.store.jobs.findByName('tidy')).toMatchObject({ owner: ada.reference, channel: stage.channel });
    expect(desk.store.jobs.findByName('tidy')?.schedule).toMatchObject({ zone: stage.nature.zone });
    // Times are the reader's own: three instants, in the platform's form.
    expect(job.text.match(/\[\d{4}-\d\d-\d\dT\d\d:00:00\.000Z\]/g)).toHaveLength(3);
  });

  test('a form makes the same job as a line; a fault is said at its field, and nothing that was typed is lost', async () => {
    stage = await platform.start();
    const { ada, desk } = stage;
    const form = await ada.newJob();
    expect(form.fields.goal).toBe('');
    expect(form.projects).toEqual(['api', 'site']);
    const goal = 'tidy the docs\n\nand say `--what` you did';
    const refused = await form.submit({ goal, project: 'api', when: 'weekdyas at 2am', accept: '$ npm test' });
    expect(refused?.at).toEqual(['when']);
    expect(refused?.again.fields).toMatchObject({ goal, project: 'api', accept: '$ npm test' });
    expect(desk.store.jobs.list()).toEqual([]);
    expect(await refused?.again.submit({ when: 'weekdays at 2am', name: 'tidy' })).toBeUndefined();
    await stage.message('tidy scheduled by @ada: weekdays at 02:00');
    expect(desk.store.jobs.list()).toMatchObject([
      { name: 'tidy', goal, project: 'api', checks: [{ kind: 'command', command: 'npm test' }] },
    ]);
  });

  test('what can’t be read is kept as a draft, and mended in the form with everything that was typed', async () => {
    stage = await platform.start();
    const { ada, desk } = stage;
    const typed = { goal: 'tidy the docs', project: 'api', when: 'weekdyas at 2am', retries: '3', name: 'tidy' };
    const answer = await (await ada.command('schedule', typed)).answer();
    expect(answer.text).toContain('weekdays at 2am');
    const form = await ada.pressForForm(answer, 'Fix it');
    expect(form.fields).toMatchObject({ goal: 'tidy the docs', project: 'api', retries: '3', name: 'tidy' });
    expect(await form.submit({ when: 'weekdays at 2am' })).toBeUndefined();
    await stage.message('tidy scheduled by @ada: weekdays at 02:00');
    expect(desk.store.jobs.list()).toMatchObject([{ name: 'tidy', settings: { retries: 3 } }]);
    expect(desk.store.drafts.expiries()).toEqual([]);
  });

  test('what happens to what collides or was missed is chosen in a form, and changed in one', async () => {
    stage = await platform.start();
    const { ada, desk } = stage;
    const policies = { overlap: 'queue', 'catch-up': 'all', 'catch-up-within': '12h' };
    const settings = (): unknown => desk.store.jobs.findByName('tidy')?.settings;
    const form = await ada.newJob();
    const typed = { goal: 'tidy the docs', project: 'api', when: 'daily at 2am', name: 'tidy' };
    expect(await form.submit({ ...typed, ...policies })).toBeUndefined();
    expect(settings()).toMatchObject({ overlap: 'queue', catchUp: 'all', catchUpWithinMs: 43_200_000 });
    const edit = await ada.editJob('tidy');
    expect(edit.fields).toMatchObject({ ...policies, 'catch-up-within': '12 h' });
    expect(await edit.submit({ overlap: 'cancel', 'catch-up': 'skip' })).toBeUndefined();
    expect(settings()).toMatchObject({ overlap: 'cancel', catchUp: 'skip', catchUpWithinMs: 43_200_000 });
  });

  test('a rule that is none is refused in a form, and nothing that was typed is lost', async () => {
    stage = await platform.start();
    const { ada, desk } = stage;
    const form = await ada.newJob();
    const typed = { goal: 'tidy the docs', project: 'api', overlap: 'queue', 'catch-up-within': 'soon', name: 'tidy' };
    const refused = await form.submit(typed);
    expect(refused?.again.fields).toMatchObject(typed);
    expect(desk.store.jobs.list()).toEqual([]);
    expect(await refused?.again.submit({ 'catch-up-within': '2d' })).toBeUndefined();
    expect(desk.store.jobs.findByName('tidy')?.settings).toMatchObject({
      overlap: 'queue',
      catchUpWithinMs: 172_800_000,
    });
  });

  test('a form edits the job, only in what was changed, whatever others did meanwhile', async () => {
    stage = await platform.start();
    const { ada, ben, desk } = stage;
    await ben.command('schedule', { goal: 'tidy the docs', project: 'api', name: 'tidy', accept: '$ npm test' });
    const job = await stage.message('tidy scheduled by @ben');
    const [first, second] = await Promise.all([ada.pressForForm(job, 'Edit'), ben.editJob('tidy')]);
    expect(first.fields).toMatchObject({ goal: 'tidy the docs', accept: '$ npm test' });
    const results = await Promise.all([
      first.submit({ goal: 'tidy all docs' }),
      second.submit({ accept: '$ npm run lint' }),
    ]);
    expect(results).toEqual([undefined, undefined]);
    expect(desk.store.jobs.findByName('tidy')).toMatchObject({
      goal: 'tidy all docs',
      checks: [{ command: 'npm run lint' }],
    });
  });

  test('a check of several lines is one, and stays one where a form changes another', async () => {
    stage = await platform.start();
    const { ada, desk } = stage;
    const script = { kind: 'command', command: 'set -e\nnpm test' };
    const checks = (): unknown => desk.store.jobs.findByName('tidy')?.checks;
    const accept = '$ set -e\n    npm test\nno page is lost';
    const form = await ada.newJob();
    expect(await form.submit({ goal: 'tidy the docs', project: 'api', name: 'tidy', accept })).toBeUndefined();
    expect(checks()).toEqual([script, { kind: 'sentence', sentence: 'no page is lost' }]);
    const edit = await ada.pressForForm(await stage.message('tidy scheduled by @ada'), 'Edit');
    expect(edit.fields.accept).toBe(accept);
    expect(await edit.submit({ accept: accept.replace('page', 'file') })).toBeUndefined();
    expect(checks()).toEqual([script, { kind: 'sentence', sentence: 'no file is lost' }]);
  });
});
