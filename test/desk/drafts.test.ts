import { afterEach, describe, expect, test } from 'vitest';

import type { FormSubmission } from '../../src/bots/chat.ts';
import { renderText } from '../../src/bots/render-text.ts';
import { createFormDesk } from '../../src/desk/form-desk.ts';
import { emptyForm } from '../../src/model/job-form.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';
import { usualPolicies, usualPolicyFields } from '../support/usual-policies.ts';
import { keepAll } from '../support/keep-all.ts';

let fixture: DeskFixture;
afterEach(() => fixture.stop());

const settings = {
  commandName: '/claude',
  hostName: 'box',
  digest: { time: { hour: 8, minute: 0 }, zone: 'UTC', channels: [] },
  minFree: { bytes: 1024 ** 3 },
  retention: keepAll,
  hostZone: 'UTC',
  nightlyAt: { hour: 2, minute: 0 },
  concurrency: 2,
  runDefaults: { timeoutMs: 7_200_000, retries: 2, notify: 'failure' as const, ...usualPolicies },
  projects: new Map(['api', 'web'].map((name) => [name, testProject({ name })])),
  channels: new Map([['web:berlin', { zone: 'Europe/Berlin', project: 'web' }]]),
  access: {
    admins: ['web:ada'],
    projects: {
      '*': { viewers: ['web:eve', 'web:kim'], members: [], maintainers: [] },
      web: { viewers: [], members: ['web:ben', 'web:kim'], maintainers: [] },
    },
  },
};

async function start() {
  fixture = await startDesk({ runner: createFakeRunner(), settings });
  return createFormDesk({ store: fixture.store, settings, now: fixture.clock.now });
}

let events = 0;
const actor = (person = 'web:ada', channel = 'web:general') => ({ person, channel, eventId: `e${(events += 1)}` });
const type = (text: string, by = actor()) => fixture.desk.handlers.onText(text, by);
const submit = (form: FormSubmission, by = actor()) => fixture.desk.handlers.onForm(form, by);
const drafts = () => fixture.store.drafts.expiries().length;

describe('a draft', () => {
  test('has everything that was typed, and each fault at its field', async () => {
    const desk = await start();
    const { draft } = await type(
      'schedule fix it --project api --when "weekdyas 2am" --timeout 2 --retries many --accept "$ npm test"',
    );
    expect(desk.draft({ person: 'web:ada' }, draft?.id ?? 0)).toMatchObject({
      target: null,
      fields: {
        ...emptyForm,
        goal: 'fix it',
        project: 'api',
        when: 'weekdyas 2am',
        timeout: '2',
        retries: 'many',
        accept: ['$ npm test'],
      },
      faults: [
        {
          field: 'timeout',
          message: expect.stringMatching(/^I can't read `2`: the unit is missing|^I can't take `2`: the unit/),
        },
        { field: 'retries', message: expect.stringContaining("I can't read `many`.") },
      ],
    });
  });

  test('of what the desk refuses has all of it at once, in the answer too', async () => {
    const desk = await start();
    const reply = await type('schedule fix it --project appi --when "weekdyas 2am"');
    expect(desk.draft({ person: 'web:ada' }, reply.draft?.id ?? 0)?.faults).toEqual([
      { field: 'project', message: 'There is no project `appi`. Did you mean `api`? Projects here: `api`, `web`.' },
      { field: 'when', message: expect.stringContaining('Did you mean `weekdays at 2am`?') },
    ]);
    expect(reply.message).toHaveLength(3);
  });

  test('of an edit is the job with what was to change', async () => {
    const desk = await start();
    await type('schedule fix it --project api --name deps --accept "$ a" --accept "$ b" --budget 5');
    const { draft } = await type(
      'edit dep --budget nope --drop-accept 1 --drop-accept 9 --add-accept "$ c" --model opus',
    );
    expect(desk.draft({ person: 'web:ada' }, draft?.id ?? 0)).toMatchObject({
      target: 'deps',
      fields: { goal: 'fix it', accept: ['$ b', '$ c'], budget: 'nope', model: 'opus' },
      base: { goal: 'fix it', accept: ['$ a', '$ b'], budget: '5', model: '' },
    });
  });

  test('is its person’s alone, and gone when it is mended', async () => {
    const desk = await start();
    const { draft } = await type('schedule fix it --project api --when "weekdyas 2am"');
    const id = draft?.id ?? 0;
    expect(desk.draft({ person: 'web:ben' }, id)).toBeUndefined();
    expect(
      (await submit({ draft: id, fields: { goal: 'fix it', project: 'web' } }, actor('web:ben'))).isRefusal,
    ).toBeUndefined();
    expect(drafts()).toBe(1);
    await submit({ draft: id, fields: { goal: 'fix it', project: 'api', when: 'weekdyas' } });
    expect(drafts()).toBe(1);
    await submit({ draft: id, fields: { goal: 'fix it', project: 'api', when: 'weekdays at 2am' } });
    expect(drafts()).toBe(0);
    expect(fixture.store.jobs.list().map(({ goal, project }) => [goal, project])).toEqual([
      ['fix it', 'web'],
      ['fix it', 'api'],
    ]);
  });

  test('is gone after seven days, through a restart too', async () => {
    const desk = await start();
    const { draft } = await type('schedule fix it --when "weekdyas 2am"');
    fixture.clock.advance(7 * 86_400_000 - 1_000);
    expect(desk.draft({ person: 'web:ada' }, draft?.id ?? 0)).toBeDefined();
    const now = fixture.clock.now();
    await fixture.stop({ keep: true });
    fixture = await startDesk({ runner: createFakeRunner(), settings, start: now, directory: fixture.directory });
    expect(drafts()).toBe(1);
    fixture.clock.advance(1_000);
    expect(drafts()).toBe(0);
  });

  test('of an event that is delivered again is the same one', async () => {
    await start();
    const by = actor();
    const [first, second] = [await type('schedule', by), await type('schedule', by)];
    expect([first.draft?.id, drafts()]).toEqual([second.draft?.id, 1]);
  });

  test.each([
    ['run nothing', 'web:ada'],
    ['fix the tests', 'web:ada'],
    ['edit nothing --budget nope', 'web:ada'],
    ['edit', 'web:ada'],
    ['schedule fix it --when "weekdyas"', 'web:eve'],
    ['schedule fix it --when "weekdyas"', 'web:mallory'],
    ['schedule fix it --project api', 'web:kim'],
    [`schedule ${'x'.repeat(20_000)}`, 'web:ada'],
  ])('is not kept of %s by %s: no form would mend it', async (text, person) => {
    await start();
    expect(await type(text, actor(person))).toMatchObject({ isRefusal: true });
    expect(drafts()).toBe(0);
  });
});

describe('a form', () => {
  test('makes the job that the same text would make', async () => {
    await start();
    await submit({
      fields: {
        ...emptyForm,
        goal: ' fix it\n\nall ',
        project: 'api',
        when: 'weekdays at 2am',
        zone: 'Europe/Berlin',
        accept: ['$ npm test', ' ', 'it is fast'],
        timeout: '45 min',
        retries: '1',
        budget: '$5',
        model: 'opus',
        notify: 'always',
        name: 'one',
      },
    });
    await type(
      'schedule "fix it\n\nall" --project api --when "weekdays at 2am" --zone Europe/Berlin --accept "$ npm test" ' +
        '--accept "it is fast" --timeout 45m --retries 1 --budget 5 --model opus --notify always --name two',
    );
    const [one, two] = fixture.store.jobs.list();
    expect({ ...one, id: 0, name: '' }).toEqual({ ...two, id: 0, name: '' });
    expect(fixture.store.audit.list().map(({ act, target }) => [act, target])).toEqual([
      ['schedule', 'one'],
      ['schedule', 'two'],
    ]);
  });

  test('is told all of its faults at once, each at its field, and stores nothing', async () => {
    await start();
    await submit({ fields: { goal: 'there already', project: 'api', name: 'taken' } });
    const reply = await submit({
      fields: {
        goal: '  ',
        project: 'appi',
        when: 'weekdyas 2am',
        zone: 'Europe/Berln',
        accept: ['$npm test', 'fine', '???'],
        timeout: '2',
        retries: '-1',
        budget: '5 €',
        model: '--x',
        notify: 'sometimes',
        name: 'taken',
      },
    });
    expect(reply.isRefusal).toBe(true);
    expect(reply.faults?.map(({ field }) => field)).toEqual([
      'goal',
      'accept',
      'accept',
      'zone',
      'timeout',
      'retries',
      'budget',
      'model',
      'notify',
      'project',
      'name',
      'when',
    ]);
    for (const { message } of reply.faults ?? []) expect(message).not.toMatch(/`--[a-z]+ /);
    expect([fixture.store.jobs.list().length, drafts()]).toEqual([1, 0]);
  });

  test('of an edit changes what it has, and takes away what is empty', async () => {
    await start();
    await type(
      'schedule fix it --project api --name deps --when "every 6 hours" --accept "$ a" --budget 5 --model opus',
    );
    const before = fixture.store.jobs.findByName('deps');
    await submit({ target: 'deps', fields: { goal: 'fix it all', budget: '', model: '', accept: [] } });
    const after = fixture.store.jobs.findByName('deps');
    expect(after).toEqual({
      ...before,
      goal: 'fix it all',
      checks: [],
      settings: { timeoutMs: 7_200_000, retries: 2, notify: 'failure', ...usualPolicies },
    });
    await submit({ target: 'deps', fields: { when: '' } });
    expect(fixture.store.jobs.findByName('deps')?.schedule).toBeNull();
    expect((await submit({ target: 'deps', fields: { timeout: '', name: '' } })).faults).toEqual([
      { field: 'timeout', message: expect.stringContaining('Something has to stand here.') },
      { field: 'name', message: expect.stringContaining('Something has to stand here.') },
    ]);
  });

  test('of a job by the beginning of its name is no form: the job may be another one by now', async () => {
    await start();
    await type('schedule fix it --project api --name deps-two');
    expect((await submit({ target: 'deps', fields: { goal: 'x' } })).faults).toEqual([
      { field: null, message: expect.stringContaining('`deps` is only the beginning of `deps-two`.') },
    ]);
  });

  test('obeys the roles that text obeys', async () => {
    await start();
    await type('schedule fix it --project api --name deps');
    expect((await submit({ target: 'deps', fields: { goal: 'x' } }, actor('web:eve'))).faults).toEqual([
      { field: null, message: expect.stringContaining('You need to be a maintainer of `api`') },
    ]);
    expect((await submit({ fields: { goal: 'x', project: 'api' } }, actor('web:ben'))).isRefusal).toBe(true);
    expect((await submit({ fields: { goal: 'x', project: 'api' } }, actor('web:mallory'))).faults?.[0]?.field).toBe(
      'project',
    );
    expect(fixture.store.jobs.list()).toHaveLength(1);
  });

  test('that is sent twice makes one job', async () => {
    await start();
    const by = actor();
    await submit({ fields: { goal: 'fix it', project: 'api' } }, by);
    await submit({ fields: { goal: 'fix it', project: 'api' } }, by);
    expect(fixture.store.jobs.list()).toHaveLength(1);
  });

  test('opens with the job in words that mean it, for those alone who may edit it', async () => {
    const desk = await start();
    await type(
      'schedule fix it --project api --name deps --when "30 7 * * 1-5" --zone Europe/Berlin --accept "$ a" --timeout 90m',
    );
    const fields = { ...emptyForm, goal: 'fix it', project: 'api', name: 'deps', when: 'weekdays at 07:30' };
    const more = {
      ...usualPolicyFields,
      zone: 'Europe/Berlin',
      accept: ['$ a'],
      timeout: '1 h 30 min',
      retries: '2',
      notify: 'failure',
    };
    expect(desk.formOf({ person: 'web:ada' }, 'deps')?.fields).toEqual({ ...fields, ...more });
    expect(() => desk.formOf({ person: 'web:eve' }, 'deps')).toThrow('You need to be a maintainer');
    expect(desk.formOf({ person: 'web:mallory' }, 'deps')).toBeUndefined();
    expect(desk.formOf({ person: 'web:ada' }, 'dep')).toBeUndefined();
  });

  test('for a new job knows the channel’s project, zone and the defaults', async () => {
    const desk = await start();
    expect(desk.blankForm({ person: 'web:ada', channel: 'web:general' })).toMatchObject({
      fields: { project: '' },
      usual: { zone: 'UTC', timeout: '2 h' },
    });
    expect(desk.blankForm({ person: 'web:ada', channel: 'web:berlin' })).toMatchObject({
      fields: { project: 'web' },
      usual: { zone: 'Europe/Berlin' },
    });
    expect(desk.listProjects({ person: 'web:ben' })).toEqual([{ name: 'web', role: 'member' }]);
    expect(desk.listProjects({ person: 'web:eve' })).toEqual([]);
  });

  test('shows what the words of a schedule mean in the zone that applies', async () => {
    const desk = await start();
    const ask = (words: string, zone = '', channel = 'web:general') => desk.previewWhen(words, zone, { channel });
    expect(ask('weekdays at 2am', '', 'web:berlin')).toEqual({
      ok: true,
      sentence: 'weekdays at 02:00 Berlin',
      zone: 'Europe/Berlin',
      instants: ['2026-11-24T01:00:00Z', '2026-11-25T01:00:00Z', '2026-11-26T01:00:00Z'],
    });
    expect(ask('nightly', 'new york')).toMatchObject({ ok: true, zone: 'America/New_York' });
    expect(ask('weekdyas 2am')).toMatchObject({
      ok: false,
      field: 'when',
      message: expect.stringContaining('Did you mean'),
    });
    expect(ask('nightly', 'Berln')).toMatchObject({ ok: false, field: 'zone' });
  });
});

test('buttons are offered to those alone who may use them', async () => {
  const desk = await start();
  await type('schedule fix it --project api --name deps');
  await type('run deps');
  const actions = [
    ...(['run', 'pause', 'edit', 'delete'] as const).map((kind) => ({ kind, target: 'deps' })),
    ...(['retry', 'retry-with-note', 'cancel', 'log'] as const).map((kind) => ({ kind, target: 'r1' })),
    { kind: 'edit' as const, target: 'gone' },
  ];
  const kinds = (person: string) => desk.allowedActions({ person }, actions).map(({ kind }) => kind);
  expect(kinds('web:ada')).toEqual(actions.slice(0, 8).map(({ kind }) => kind));
  expect(kinds('web:eve')).toEqual(['log']);
  expect(kinds('web:mallory')).toEqual([]);
});

describe('a form that is closed once it is sent', () => {
  const wrong = { goal: 'fix it', project: 'api', when: 'weekdyas 2am', timeout: '2', accept: ['$ npm test'] };

  test('is kept where it is refused, with what is wrong at each field, and opens again with everything', async () => {
    const desk = await start();
    const reply = await submit({ fields: wrong, isClosed: true });
    expect(renderText(reply.message, 'UTC')).toMatch(
      /^Time limit: I can't take [^]*\nWhen: I can't read [^]*\nYour text is kept/,
    );
    expect(desk.draft({ person: 'web:ada' }, reply.draft?.id ?? 0)).toMatchObject({
      fields: { ...emptyForm, ...wrong },
      faults: [{ field: 'timeout' }, { field: 'when' }],
    });
  });

  test('that mends a draft and is refused again takes its place', async () => {
    await start();
    const first = await submit({ fields: wrong, isClosed: true });
    const again = { ...wrong, goal: 'fix it well' };
    const second = await submit({ fields: again, draft: first.draft?.id, isClosed: true });
    expect(second.draft?.id).not.toBe(first.draft?.id);
    expect(drafts()).toBe(1);
    const third = await submit({
      fields: { ...again, when: '', timeout: '' },
      draft: second.draft?.id,
      isClosed: true,
    });
    expect(third.isRefusal).toBeUndefined();
    expect(drafts()).toBe(0);
  });

  test('is carried out in nothing where its adapter can not read a part of it', async () => {
    await start();
    const faults = [{ field: null, message: 'I do not understand `--tmeout`.' }];
    const reply = await submit({ fields: { goal: 'fix it', project: 'api' }, faults, isClosed: true });
    expect(reply).toMatchObject({ isRefusal: true, faults, draft: { id: 1 } });
    expect(fixture.store.jobs.list()).toEqual([]);
  });

  test('is not kept for who may schedule nowhere', async () => {
    await start();
    const reply = await submit({ fields: wrong, isClosed: true }, actor('web:eve'));
    expect(reply.draft).toBeUndefined();
    expect(drafts()).toBe(0);
  });

  test('of an edit is kept with what was changed', async () => {
    const desk = await start();
    await submit({ fields: { goal: 'fix it', project: 'api', name: 'fix-it' } });
    const reply = await submit({ target: 'fix-it', fields: { budget: 'much' }, isClosed: true });
    const form = desk.draft({ person: 'web:ada' }, reply.draft?.id ?? 0);
    expect(form).toMatchObject({ target: 'fix-it', fields: { goal: 'fix it', budget: 'much' }, base: { budget: '' } });
  });
});
