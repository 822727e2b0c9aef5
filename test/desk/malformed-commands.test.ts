import { afterEach, expect, test } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import { malformedCommands } from '../fixtures/malformed-commands.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

let fixture: DeskFixture;
afterEach(() => fixture.stop());

/** All rows of all tables. */
function dump({ db }: DeskFixture): Record<string, unknown[]> {
  const tables = db.$client.prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  return Object.fromEntries(tables.map(({ name }) => [name, db.$client.prepare(`SELECT * FROM "${name}"`).all()]));
}

test('a hundred malformed commands are each answered clearly, and store nothing but the drafts of a schedule that can’t be read', async () => {
  fixture = await startDesk({ runner: createFakeRunner() });
  await fixture.say('schedule keep the docs tidy --name tidy --when "every day at 9am"');
  await fixture.settle();
  const before = dump(fixture);
  expect(malformedCommands.length).toBeGreaterThanOrEqual(100);
  const kept: string[] = [];
  for (const [index, { text, says }] of malformedCommands.entries()) {
    const actor = { person: 'web:ada', channel: 'web:general', eventId: `malformed:${index}` };
    const reply = await fixture.desk.handlers.onText(text, actor);
    expect([text.slice(0, 80), reply.isRefusal]).toEqual([text.slice(0, 80), true]);
    // Code is rendered in backticks again, but for those that an echoed line holds without a partner.
    expect(renderText(reply.message, 'UTC').replaceAll('`', '')).toContain(says.replaceAll('`', ''));
    if (reply.draft !== undefined) kept.push(text.toWellFormed());
  }
  await fixture.settle();
  expect(fixture.faults).toEqual([]);
  // `edit` names `upgrade-deps`, which is not there to be edited.
  const schedules = malformedCommands
    .map(({ text }) => text)
    .filter((text) => /^(?:\/claude )?schedule\s|^schedule$/i.test(text));
  expect(kept).toEqual(schedules.filter((text) => text.length <= 20_000).map((text) => text.toWellFormed()));
  const { drafts, agenda_jobs: alarms, sqlite_sequence: _, clock: _now, ...after } = dump(fixture);
  const { drafts: none, agenda_jobs: alarmsBefore, clock: __now, sqlite_sequence: __, ...others } = before;
  expect(after).toEqual(others);
  expect([none, drafts?.length]).toEqual([[], kept.length]);
  // One alarm, for the end of the drafts.
  expect(alarms?.length).toBe((alarmsBefore?.length ?? 0) + 1);
  fixture.clock.advance(7 * 86_400_000);
  expect(dump(fixture).drafts).toEqual([]);
});

test.each([
  ['schedule do it --when "weekdyas at 2am"', /Did you mean `weekdays at 2am`\?/],
  ['schedule do it --when "0 0 30 2 *"', /0 0 30 2 \*/],
  ['schedule do it --when "2020-01-01T00:00:00Z"', /past|before/],
  ['schedule do it --project appi', /Did you mean `api`\?/],
  ['show tidi', /tidy/],
  ['show r999', /There is no run `r999`/],
  ['run tid', /tidy/],
  ['cancel tidy', /`pause tidy` keeps it from running/],
  ['resume tidy', /is not paused/],
  ['retry tidy', /has not run yet/],
  ['schedule again --name tidy', /There is a job `tidy` already.*`tidy-2`/],
  ['pause tidy until neverday', /neverday/],
  ['schedule do it --when "every day at 9am" --zone Europe/Berln', /Europe\/Berlin/],
])('%s is answered with what was wrong and what is right', async (text, expected) => {
  fixture = await startDesk({ runner: createFakeRunner() });
  await fixture.say('schedule keep the docs tidy --name tidy --when "every day at 9am"');
  expect(await fixture.say(text)).toMatch(expected);
});

test('somebody without a role is told who they are and what would allow it, and sees no project', async () => {
  fixture = await startDesk({ runner: createFakeRunner() });
  await fixture.say('schedule keep the docs tidy --name tidy');
  expect(await fixture.say('schedule do it --project api', 'web:mallory')).toMatch(/no project.*`web:mallory`/);
  expect(await fixture.say('list', 'web:mallory')).not.toContain('tidy');
  expect(await fixture.say('show tidy', 'web:mallory')).not.toContain('keep the docs');
  expect(await fixture.say('pause tidy', 'web:eve')).toContain(
    'You need to be a maintainer of `api` to pause the job of @ada. Your id here is `web:eve`; `access.api.maintainers` in nightdesk.yaml would allow it.',
  );
});

test('the same event delivered twice acts once', async () => {
  fixture = await startDesk({ runner: createFakeRunner() });
  const actor = { person: 'web:ada', channel: 'web:general', eventId: 'event-1' };
  await fixture.desk.handlers.onText('schedule keep the docs tidy', actor);
  await fixture.desk.handlers.onText('schedule keep the docs tidy', actor);
  expect(fixture.store.jobs.list()).toHaveLength(1);
});

test('what a full disk refuses is said as such, and reading goes on', async () => {
  fixture = await startDesk({ runner: createFakeRunner() });
  await fixture.say('schedule keep the docs tidy --name tidy');
  await fixture.settle();
  const pages = fixture.db.$client.pragma('page_count', { simple: true }) as number;
  fixture.db.$client.pragma(`max_page_count = ${pages}`);
  const long = 'x'.repeat(10_000);
  expect(await fixture.say(`schedule ${long} --name long`)).toContain(
    "The disk of the host is full or can't be written: nothing was changed",
  );
  expect(await fixture.say('list')).toContain('tidy');
  expect(await fixture.say('show tidy')).toContain('keep the docs tidy');
});
