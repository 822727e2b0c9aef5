import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import type { Actor, FormSource } from '../../src/bots/chat.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

let fixture: DeskFixture;
let events = 0;
const actor = (person = 'slack:U1', more: Partial<Actor> = {}): Actor => ({
  person,
  channel: 'slack:C1',
  eventId: `asking-${(events += 1)}`,
  ...more,
});
const say = (text: string, by = actor()) => fixture.desk.handlers.onText(text, by);

beforeEach(async () => {
  fixture = await startDesk({
    runner: createFakeRunner(),
    projects: ['api', 'web', 'api-docs'].map((name) => testProject({ name })),
    settings: {
      // What is run waits, and ends when it is cancelled.
      concurrency: 0,
      hostZone: 'Europe/Berlin',
      channels: new Map([['slack:C2', { zone: 'Asia/Tokyo', project: 'web' }]]),
      access: {
        admins: [],
        projects: {
          '*': { viewers: [], members: ['slack:U1'], maintainers: [] },
          web: { viewers: ['slack:U3'], members: ['slack:U2'], maintainers: [] },
        },
      },
    },
  });
});
afterEach(() => fixture.stop());

describe('a form', () => {
  async function open(source: FormSource, by = actor()) {
    const answer = await fixture.desk.handlers.openForm(source, by);
    return 'form' in answer ? answer.form : renderText(answer.refusal.message, 'UTC');
  }

  test('for a new job has what was typed already, the projects that the person may schedule in, and what holds otherwise', async () => {
    expect(
      await open({ fields: { goal: 'tidy up', when: 'nightly' } }, actor('slack:U2', { channel: 'slack:C2' })),
    ).toMatchObject({
      target: null,
      fields: { goal: 'tidy up', when: 'nightly', project: 'web', name: '' },
      projects: ['web'],
      usual: { zone: 'Asia/Tokyo', timeout: '2 h' },
    });
    expect(await open({}, actor('slack:U1', { zone: 'America/New_York' }))).toMatchObject({
      projects: ['api', 'web', 'api-docs'],
      usual: { zone: 'America/New_York' },
    });
  });

  test('is refused in words to who may schedule nowhere', async () => {
    expect(await open({}, actor('slack:U3'))).toBe(
      'There is no project that you may schedule in. Your id here is `slack:U3`; a line under `access` in nightdesk.yaml would allow one.',
    );
  });

  test('of a job opens for who may edit it, and of a draft for its person', async () => {
    await say('schedule fix it --name deps --project web --budget 5');
    expect(await open({ job: 'deps' })).toMatchObject({ target: 'deps', fields: { goal: 'fix it', budget: '5' } });
    expect(await open({ job: 'deps' }, actor('slack:U3'))).toContain('You need to be a maintainer of `web`');
    expect(await open({ job: 'nope' })).toBe('There is no job `nope` that you may view.');
    const { draft } = await say('schedule fix it --project web --when "weekdyas 2am"');
    expect(await open({ draft: draft?.id ?? 0 })).toMatchObject({
      draft: draft?.id,
      fields: { when: 'weekdyas 2am' },
      faults: [{ field: 'when' }],
    });
    expect(await open({ draft: draft?.id ?? 0 }, actor('slack:U2'))).toContain('not there any more');
  });
});

test.each([
  ['that is named', 'Asia/Kolkata', 'slack:C2', 'America/New_York', 'Asia/Kolkata'],
  ['of the channel', '', 'slack:C2', 'America/New_York', 'Asia/Tokyo'],
  ['of the person', '', 'slack:C1', 'America/New_York', 'America/New_York'],
  ['of the host where the person’s is unknown', '', 'slack:C1', 'Mars/Olympus', 'Europe/Berlin'],
  ['of the host', '', 'slack:C1', undefined, 'Europe/Berlin'],
])('words of time are read in the zone %s', async (_, named, channel, zone, expected) => {
  const by = actor('slack:U1', { channel, zone });
  const { handlers } = fixture.desk;
  expect(await handlers.previewWhen('every day at 2am', named, by)).toMatchObject({ ok: true, zone: expected });
  const flag = named === '' ? '' : ` --zone ${named}`;
  await say(`schedule fix it --name deps --project web --when "every day at 2am"${flag}`, by);
  expect(fixture.store.jobs.findByName('deps')?.schedule?.zone).toBe(expected);
});

describe('suggestions', () => {
  const suggest = async (what: 'project' | 'job' | 'run', typed: string, by = actor()) =>
    (await fixture.desk.handlers.suggest(what, typed, by)).map(({ value }) => value);
  beforeEach(async () => {
    for (const [name, project] of [
      ['upgrade-deps', 'api'],
      ['audit', 'web'],
      ['night-audit', 'api'],
      ['gone', 'api'],
    ]) {
      await say(`schedule do ${name} --name ${name} --project ${project}`);
    }
    for (let run = 0; run < 12; run += 1) {
      await say('run upgrade-deps');
      await say(`cancel r${run + 1}`);
    }
    await say('run audit');
    await say('delete gone');
  });

  test('of projects are those that the person may schedule in, those that begin so first', async () => {
    expect(await suggest('project', '')).toEqual(['api', 'web', 'api-docs']);
    expect(await suggest('project', 'D')).toEqual(['api-docs']);
    expect(await suggest('project', '', actor('slack:U2'))).toEqual(['web']);
    expect(await suggest('project', '', actor('slack:U3'))).toEqual([]);
  });

  test('of jobs are those that the person may view and that are there', async () => {
    expect(await suggest('job', '')).toEqual(['audit', 'night-audit', 'upgrade-deps']);
    expect(await suggest('job', 'aud')).toEqual(['audit', 'night-audit']);
    expect(await suggest('job', 'UPG')).toEqual(['upgrade-deps']);
    expect(await suggest('job', '%')).toEqual(await suggest('job', ''));
    expect(await suggest('job', '', actor('slack:U3'))).toEqual(['audit']);
    expect(await suggest('job', '', actor('slack:U8'))).toEqual([]);
  });

  test('of runs begin with the number, or are of the jobs that fit; newest first, with what became of them', async () => {
    expect(await suggest('run', 'r1')).toEqual(['r13', 'r12', 'r11', 'r10', 'r1']);
    expect(await suggest('run', '12')).toEqual(['r12']);
    expect(await suggest('run', '')).toHaveLength(13);
    expect(await suggest('run', 'audi')).toEqual(['r13']);
    expect(await suggest('run', 'r', actor('slack:U3'))).toEqual(['r13']);
    expect((await fixture.desk.handlers.suggest('run', '7', actor()))[0]).toEqual({
      value: 'r7',
      label: 'r7 upgrade-deps cancelled',
    });
  });
});
