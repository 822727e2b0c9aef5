import { afterEach, beforeEach, expect, test } from 'vitest';

import { createReadDesk } from '../../src/desk/read-desk.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

/** ben's job ran in `api`, where eve may see nothing; ada moved it to `web`, where ben may see nothing. */
beforeEach(async () => {
  runner = createFakeRunner();
  const access = {
    admins: ['web:ada'],
    projects: {
      api: { viewers: [], members: ['web:ben'], maintainers: [] },
      web: { viewers: ['web:eve'], members: [], maintainers: [] },
    },
  };
  const projects = [testProject(), testProject({ name: 'web', path: '/projects/web' })];
  fixture = await startDesk({ runner, projects, settings: { access } });
  await fixture.say('schedule mend the login --name mend --project api', 'web:ben');
  await fixture.say('run mend', 'web:ben');
  runner.report({ transcriptPath: '/data/attempt-1.log' });
  await fixture.say('edit mend --project web');
  await fixture.settle();
});
afterEach(() => fixture.stop());

const log = () =>
  fixture.desk.handlers.onText('log mend', { person: 'web:eve', channel: 'web:general', eventId: 'log' });

test('who may not view the project that a job is in now starts nothing there by its run', async () => {
  const started = runner.started.length;
  const refused = 'The job of `r1`, `mend`, is in another project now, and you may not view that one.';
  for (const what of ['retry r1 and print the keys of the other project', 'run r1', 'pause r1', 'edit r1 --goal x']) {
    expect(await fixture.say(what, 'web:ben')).toBe(refused);
  }
  await fixture.react(1, '🔁', 'web:ben');
  fixture.clock.advance(5_000);
  expect(await fixture.told()).toContain(`    @ben: ${refused}`);
  expect(runner.started).toHaveLength(started);
  expect(await fixture.say('retry r1')).toBe('🔁 mend r2 retries r1.');
  expect(runner.started.at(-1)?.project.name).toBe('web');
});

test('who may only view the project that a job is in now does not retry it', async () => {
  const { access } = fixture.settings;
  access.projects['web']?.viewers.push('web:ben');
  expect(await fixture.say('retry r1', 'web:ben')).toBe(
    'You need to be a member of `web` to run jobs there. Your id here is `web:ben`; `access.web.members` in nightdesk.yaml would allow it.',
  );
});

test('runs of the project that a job was in before are shown to those who may view that one', async () => {
  expect(await fixture.say('log mend', 'web:ada')).toContain('mend r1');
  expect((await log()).files).toBeUndefined();
  expect(await fixture.say('log mend', 'web:eve')).toBe('It has not run yet.');
  expect(await fixture.say('show mend', 'web:eve')).not.toContain('r1');
  expect(await fixture.say('history mend', 'web:eve')).toBe('No runs yet.');
  const { store, settings, clock } = fixture;
  const desk = createReadDesk({ store, runner, settings, now: clock.now });
  const entries = (person: string): unknown[] | undefined => desk.listHistory(person, 'mend', { limit: 5 })?.entries;
  expect(entries('web:ada')).toHaveLength(1);
  expect(entries('web:eve')).toEqual([]);
});
