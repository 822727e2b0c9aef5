import { afterEach, describe, expect, test } from 'vitest';

import { plannedInstants, startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

let fixture: DeskFixture;
afterEach(() => fixture.stop());

/** A Monday, 08:00 UTC, with a job of ada's. */
async function start() {
  const runner = createFakeRunner();
  fixture = await startDesk({
    runner,
    projects: [testProject(), testProject({ name: 'web', path: '/projects/web' })],
    settings: {
      access: {
        admins: [],
        projects: {
          '*': { viewers: ['web:eve', 'web:max'], members: ['web:ada', 'web:ben'], maintainers: [] },
          api: { viewers: [], members: [], maintainers: ['web:max'] },
        },
      },
    },
  });
  await fixture.say(
    'schedule upgrade the dependencies --project api --name deps --when "weekdays at 2am in Europe/Berlin" ' +
      '--accept "$ npm test" --accept "nothing breaks" --budget 5 --model opus',
  );
  return runner;
}

const job = () => fixture.store.jobs.findByName('deps');
const planned = () => plannedInstants(fixture).map((at) => at.toISOString());

describe('edit', () => {
  test.each([
    ['--goal "upgrade only the linters"', ['goal: `upgrade the dependencies` → `upgrade only the linters`']],
    ['--project web', ['project: `api` → `web`']],
    [
      '--when "weekdays at 3am"',
      ['when: weekdays at 02:00 Berlin → weekdays at 03:00 Berlin', 'next: Tue 24 Nov 2026, 02:00 UTC'],
    ],
    [
      '--zone America/New_York',
      ['when: weekdays at 02:00 Berlin → weekdays at 02:00 New York', 'next: Tue 24 Nov 2026, 07:00 UTC'],
    ],
    ['--when none', ['when: weekdays at 02:00 Berlin → on demand only']],
    ['--add-accept "$ npm run lint"', ['check added: `npm run lint`']],
    ['--drop-accept 2', ['check dropped: “nothing breaks”']],
    ['--drop-accept "npm  TEST"', ['check dropped: `npm test`']],
    [
      '--drop-accept 1 --drop-accept 2 --add-accept "$ a"',
      ['check dropped: `npm test`', 'check dropped: “nothing breaks”', 'check added: `a`'],
    ],
    ['--accept "$ npm test"', ['check dropped: “nothing breaks”']],
    [
      '--timeout 45m --retries 0 --budget none --model none --notify always',
      [
        'timeout: 2 h → 45 min',
        'retries: 2 → 0',
        'budget: $5 → none',
        'model: `opus` → none',
        'notify: failure → always',
      ],
    ],
  ])('with %s answers what was and what is, line by line', async (flags, lines) => {
    await start();
    const answer = await fixture.say(`edit deps ${flags}`);
    expect(answer.split('\n')).toEqual(['deps is edited.', ...lines]);
    expect(fixture.store.audit.list().at(-1)).toMatchObject({ act: 'edit', target: 'deps', person: 'web:ada' });
  });

  test('updates the message of the job in its channel', async () => {
    await start();
    await fixture.say('edit deps --when "fridays at 6pm" --budget 9');
    expect(await fixture.told()).toMatch(/^deps scheduled by @ada: .*Friday.* at 18:00 Berlin\n[^]*\$9 in all/i);
  });

  test('replans the next occurrence, and only where the schedule changes', async () => {
    await start();
    expect(planned()).toEqual(['2026-11-24T01:00:00.000Z']);
    await fixture.say('edit deps --budget 6');
    expect(planned()).toEqual(['2026-11-24T01:00:00.000Z']);
    await fixture.say('edit deps --when "in 10 minutes"');
    expect(planned()).toEqual(['2026-11-23T08:10:00.000Z']);
    fixture.clock.advance(600_000);
    expect(fixture.store.runs.latestOfJob(1)?.status).toBe('running');
    await fixture.say('edit deps --when none');
    expect(planned()).toEqual([]);
  });

  test('of a paused job plans nothing until it is resumed', async () => {
    await start();
    await fixture.say('pause deps');
    await fixture.say('edit deps --when "every day at 9am"');
    expect(planned()).toEqual([]);
    await fixture.say('resume deps');
    expect(planned()).toEqual(['2026-11-24T08:00:00.000Z']);
  });

  test('touches no run that is under way, and says so; the next one has it', async () => {
    const runner = await start();
    await fixture.say('run deps');
    expect(await fixture.say('edit deps --goal "something else" --timeout 1h')).toContain('r1 goes on as it was.');
    expect(fixture.store.runs.get(1)?.spec).toMatchObject({ goal: 'upgrade the dependencies' });
    runner.report();
    await fixture.say('run deps');
    expect(fixture.store.runs.get(2)?.spec).toMatchObject({
      goal: 'something else',
      settings: { timeoutMs: 3_600_000 },
    });
  });

  test('with what is there already changes nothing, and says so', async () => {
    await start();
    expect(await fixture.say('edit deps --budget 5 --drop-accept 1 --add-accept "$ npm test" --name deps')).toBe(
      'deps is like that already: nothing was changed.',
    );
    expect(fixture.store.audit.list().map(({ act }) => act)).toEqual(['schedule']);
  });

  test('renames a job; its name is free then', async () => {
    await start();
    await fixture.say('edit deps --name upgrades');
    expect(await fixture.say('schedule another --project api --name deps')).toContain('deps scheduled');
    expect(await fixture.say('edit upgrades --name deps')).toContain('There is a job `deps` already');
  });

  test.each([
    ['edit deps --budget 1', 'web:ben', 'You need to be a maintainer of `api` to edit the job of @ada.'],
    ['edit deps --budget 1', 'web:eve', 'You need to be a maintainer of `api` to edit the job of @ada.'],
    ['edit deps --budget 1', 'web:mallory', 'There is no job `deps`'],
    ['edit deps --project web', 'web:max', 'You need to be a maintainer of `web` to edit the job of @ada.'],
  ])('%s by %s is refused', async (text, person, refusal) => {
    await start();
    const before = job();
    expect(await fixture.say(text, person)).toContain(refusal);
    expect(job()).toEqual(before);
  });

  test('a maintainer edits the job of another person, who stays its owner', async () => {
    await start();
    expect(await fixture.say('edit deps --budget 1', 'web:max')).toContain('budget: $5 → $1');
    expect(job()?.owner).toBe('web:ada');
  });

  test.each([
    ['--drop-accept 3', "There is no check `3`. The job's own are: 1 `$ npm test`, 2 `nothing breaks`."],
    ['--drop-accept "npm tset"', 'There is no check `npm tset`. Did you mean `npm test`?'],
    ['--project wep', 'There is no project `wep`. Did you mean `web`?'],
    ['--when "weekdyas"', 'Did you mean `weekdays`'],
    ['--when "every 6 hours" --project nope --name deps --drop-accept 7', 'There is no check `7`'],
  ])('%s is refused, and nothing is changed', async (flags, refusal) => {
    await start();
    const before = job();
    const answer = await fixture.say(`edit deps ${flags}`);
    expect(answer).toContain(refusal);
    expect(answer).toContain('Your text is kept: Fix it opens the form with everything you typed.');
    expect(job()).toEqual(before);
  });

  test('a zone alone is refused where there is no time of day to move', async () => {
    await start();
    await fixture.say('edit deps --when "every 6 hours"');
    expect(await fixture.say('edit deps --zone UTC')).toContain(
      'A zone alone changes nothing: `deps` is due every 6 hours.',
    );
  });
});
