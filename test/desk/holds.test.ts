import { afterEach, beforeEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, fakeClaude, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner, settings: { alerts: 'web:ops' } });
});
afterEach(() => fixture.stop());

/** What Claude Code reports where the API refuses to work for it. */
const refused = (text: string, limitResetsAtMs: number | null = null) => ({
  claude: fakeClaude({
    result: { subtype: 'success', isError: true, apiErrorStatus: 429, terminalReason: 'api_error', text },
    costUsd: 0,
    limitResetsAtMs,
  }),
});
const loggedOut = refused('Login expired · Please run /login');
const limitUntil = (instant: string) => refused("You've hit your 5-hour limit", Date.parse(instant));
const passing = { checksAfter: [fakeCheck('npm test', 0)] };

async function run(...names: string[]): Promise<void> {
  for (const name of names) {
    await fixture.say(`schedule do ${name} --name ${name} --accept "$ npm test"`);
    await fixture.say(`run ${name}`);
  }
}
const started = (): string[] => runner.started.map((request) => request.attemptId);
const restart = async (): Promise<void> => {
  const { directory, clock } = fixture;
  const now = clock.now();
  await fixture.stop({ keep: true });
  runner = createFakeRunner();
  fixture = await startDesk({ runner, directory, start: now, settings: { alerts: 'web:ops' } });
};

test('a usage limit holds everything on the login until it resets, is told once, and uses no attempt', async () => {
  await run('one', 'two', 'three');
  runner.report({ attemptId: 'r1-1', ...limitUntil('2026-11-23T11:00:00Z') });
  runner.report({ attemptId: 'r2-1', ...limitUntil('2026-11-23T11:00:00Z') });
  await run('four');
  expect(started()).toEqual(['r1-1', 'r2-1']);
  const why = 'waits until Mon 23 Nov 2026, 11:00 UTC: the Claude usage limit resets then';
  const told = await fixture.told();
  expect(told).toContain(`🕔 one r1 ${why}. No attempt was used.`);
  expect(told).toContain(`🕔 three r3 ${why}\n`);
  expect(told).toContain(`🕔 four r4 ${why}`);
  expect(await fixture.told('web:ops')).toBe(
    [
      '🕔 The Claude usage limit is reached on box. It resets Mon 23 Nov 2026, 11:00 UTC.',
      "Found by one r1; Claude Code says: `You've hit your 5-hour limit`",
      'All runs wait until then, and go on by themselves. No attempt is used. If the limit was raised, `/claude resume login` starts them now.',
    ].join('\n'),
  );
  fixture.clock.moveTo(new Date('2026-11-23T11:00:00Z'));
  expect(started()).toEqual(['r1-1', 'r2-1', 'r1-2', 'r2-2']);
  expect(await fixture.told('web:ops')).toContain(
    '▶️ The Claude usage limit has reset. 4 runs go on. Nothing could start for 3 h.',
  );
  runner.report({ attemptId: 'r1-2', ...passing });
  expect(fixture.store.runs.get(1)?.attemptsUsed).toBe(1);
});

test('of two limits the later one counts', async () => {
  await run('one', 'two');
  runner.report({ attemptId: 'r1-1', ...limitUntil('2026-11-25T11:00:00Z') });
  runner.report({ attemptId: 'r2-1', ...limitUntil('2026-11-23T11:00:00Z') });
  fixture.clock.moveTo(new Date('2026-11-24T11:00:00Z'));
  expect(started()).toHaveLength(2);
  fixture.clock.moveTo(new Date('2026-11-25T11:00:00Z'));
  expect(started()).toHaveLength(4);
  expect((await fixture.told('web:ops')).match(/is reached on box/g)).toHaveLength(1);
});

test('a usage limit outlives a restart', async () => {
  await run('one');
  runner.report(limitUntil('2026-11-23T11:00:00Z'));
  await run('two');
  await restart();
  expect(started()).toEqual([]);
  fixture.clock.moveTo(new Date('2026-11-23T11:00:00Z'));
  expect(started()).toEqual(['r1-2', 'r2-1']);
});

test('a usage limit that says no time is tried every half hour and told once', async () => {
  await run('one');
  for (let tries = 1; tries <= 4; tries += 1) {
    runner.report({ attemptId: `r1-${tries}`, ...refused("You've hit your weekly limit") });
    fixture.clock.advance(30 * 60_000);
  }
  expect(started()).toEqual(['r1-1', 'r1-2', 'r1-3', 'r1-4', 'r1-5']);
  expect(await fixture.told()).toContain(
    '    🕔 waits until Mon 23 Nov 2026, 08:30 UTC: the Claude usage limit is reached',
  );
  const alerts = await fixture.told('web:ops');
  expect(alerts).toContain('🕔 The Claude usage limit is reached on box, and nobody knows until when.');
  expect(alerts).toContain('All runs wait. One more is tried every 30 min');
  expect(alerts.split('\n')).toHaveLength(3);
});

test('a usage limit whose time is in another unit than it was holds nothing for thousands of years', async () => {
  await run('one');
  runner.report(refused("You've hit your weekly limit", Date.parse('2026-11-24T00:00:00Z') * 1000));
  expect(await fixture.told('web:ops')).toContain('and nobody knows until when');
  fixture.clock.advance(30 * 60_000);
  expect(started()).toEqual(['r1-1', 'r1-2']);
  runner.report(refused("You've hit your weekly limit", 1e300));
  expect(fixture.faults).toEqual([]);
  fixture.clock.advance(30 * 60_000);
  expect(started()).toEqual(['r1-1', 'r1-2', 'r1-3']);
});

test('a login that expired holds everything, the run that found it too, until somebody says that it is mended', async () => {
  await run('one');
  runner.report(loggedOut);
  await run('two', 'three');
  fixture.clock.moveTo(new Date('2026-11-24T06:00:00Z'));
  expect(started()).toEqual(['r1-1']);
  const told = await fixture.told();
  expect(told).toContain('🕔 one r1 waits: Claude Code is not logged in on this host. No attempt was used.');
  expect(told).toContain('🕔 three r3 waits: Claude Code is not logged in on this host');
  expect(await fixture.told('web:ops')).toBe(
    [
      '🔑 Claude Code is not logged in on box.',
      'Found by one r1; Claude Code says: `Login expired · Please run /login`',
      'All runs wait, and no attempt is used.',
      'Log in there as the user that runs nightdesk (`claude auth login`), then `/claude resume login`. For a token in the environment: `claude setup-token` makes a new one, and nightdesk takes it when it is started again.',
    ].join('\n'),
  );
  expect(await fixture.say('list')).toContain(
    '🔑 All runs wait: Claude Code is not logged in on this host, since Mon 23 Nov 2026, 08:00 UTC. Log in there (`claude auth login`), then `/claude resume login`.',
  );
  expect(await fixture.say('resume login', 'web:ben')).toBe('▶️ The login is tried again: 3 runs go on.');
  expect(started()).toEqual(['r1-1', 'r1-2', 'r2-1']);
  expect(await fixture.told('web:ops')).toContain(
    '▶️ @ben resumes the login. 3 runs go on. Nothing could start for 22 h.',
  );
});

test('a login that is resumed too early is held again, and told again', async () => {
  await run('one');
  runner.report(loggedOut);
  await fixture.say('resume login');
  runner.report(loggedOut);
  expect(fixture.store.runs.get(1)?.status).toBe('deferred');
  expect((await fixture.told('web:ops')).match(/is not logged in on box/g)).toHaveLength(2);
});

test('what an attempt met that began before the login was mended holds nothing again', async () => {
  await run('one', 'two');
  runner.report({ attemptId: 'r1-1', ...loggedOut });
  fixture.clock.advance(60_000);
  await fixture.say('resume login');
  runner.report({ attemptId: 'r2-1', ...loggedOut });
  expect(started()).toEqual(['r1-1', 'r2-1', 'r1-2']);
  expect(await fixture.told()).toContain(
    '    🕔 waits until Mon 23 Nov 2026, 08:02 UTC: it began before the login was tried again',
  );
  fixture.clock.advance(60_000);
  expect(started()).toEqual(['r1-1', 'r2-1', 'r1-2', 'r2-2']);
  expect((await fixture.told('web:ops')).match(/is not logged in on box/g)).toHaveLength(1);
});

test('a hold that ended at a time which the clock has not reached again makes none that follows untold', async () => {
  await run('one', 'two');
  runner.report({ attemptId: 'r1-1', ...loggedOut });
  runner.report({ attemptId: 'r2-1', ...refused("You've hit your weekly limit") });
  fixture.clock.advance(3_600_000);
  await fixture.say('resume login');
  for (const attemptId of ['r1-2', 'r2-2']) runner.report({ attemptId, ...passing });
  await fixture.settle();
  fixture.clock.moveTo(new Date('2026-11-23T08:30:00Z'));
  await run('three', 'four');
  runner.report({ attemptId: 'r3-1', ...loggedOut });
  runner.report({ attemptId: 'r4-1', ...refused("You've hit your weekly limit") });
  expect(fixture.store.holds.active().map(({ cause }) => cause)).toEqual(['not-logged-in', 'usage-limit']);
  const told = await fixture.told('web:ops');
  expect(told.match(/is not logged in on box/g)).toHaveLength(2);
  expect(told.match(/usage limit is reached on box/g)).toHaveLength(2);
});

test('a limit that is met in its last moment is told once, and another one after it again', async () => {
  await run('one', 'two');
  runner.report({ attemptId: 'r1-1', ...limitUntil('2026-11-23T11:00:00Z') });
  fixture.clock.moveTo(new Date('2026-11-23T11:00:00Z'));
  runner.report({ attemptId: 'r2-1', ...limitUntil('2026-11-23T11:00:00Z') });
  expect((await fixture.told('web:ops')).match(/is reached on box/g)).toHaveLength(1);
  runner.report({ attemptId: 'r1-2', ...limitUntil('2026-11-26T11:00:00Z') });
  expect((await fixture.told('web:ops')).match(/is reached on box/g)).toHaveLength(2);
});

test('a restart tries a login again, since a service gets its token then', async () => {
  await run('one', 'two');
  runner.report({ attemptId: 'r1-1', ...loggedOut });
  runner.report({ attemptId: 'r2-1', ...loggedOut });
  await restart();
  expect(started()).toEqual(['r1-2', 'r2-2']);
  expect(await fixture.told('web:ops')).toContain('▶️ After a new start the login is tried once more. 2 runs go on.');
});

test('an account without credit holds everything', async () => {
  await run('one');
  runner.report(refused('Credit balance is too low'));
  await run('two');
  expect(started()).toEqual(['r1-1']);
  expect(await fixture.told()).toContain('🕔 two r2 waits: the Claude account has no credit left');
  expect(await fixture.told('web:ops')).toBe(
    [
      '💳 The Claude account of box has no credit left.',
      'Found by one r1; Claude Code says: `Credit balance is too low`',
      'All runs wait, and no attempt is used. Add credit or raise the limit of the account, then `/claude resume login`.',
    ].join('\n'),
  );
});

test('an attempt that ends during a hold is followed by the next one when the hold has ended', async () => {
  await run('one', 'two');
  runner.report({ attemptId: 'r1-1', ...loggedOut });
  runner.report({ attemptId: 'r2-1', checksAfter: [fakeCheck('npm test', 1)] });
  expect(started()).toHaveLength(2);
  const told = await fixture.told();
  expect(told).toContain('🕔 two r2 waits: Claude Code is not logged in on this host.\n');
  expect(told).toMatch(/attempt 1: `npm test` exits 1 .*Attempt 2 waits: Claude Code is not logged in on this host\./);
  await fixture.say('resume login');
  expect(started()).toEqual(['r1-1', 'r2-1', 'r1-2', 'r2-2']);
  expect(runner.started.at(-1)?.earlier?.failedChecks).toHaveLength(1);
  expect(fixture.store.runs.get(2)?.attemptsUsed).toBe(1);
});

test('without a channel for alerts a hold is told where the run is', async () => {
  await fixture.stop();
  fixture = await startDesk({ runner });
  await run('one');
  runner.report(loggedOut);
  await fixture.say('resume login');
  const told = await fixture.told();
  expect(told).toContain('🔑 Claude Code is not logged in on box.');
  expect(told).toContain('▶️ @ada resumes the login.');
});

test('a run that waits for the login can be cancelled', async () => {
  await run('one');
  runner.report(loggedOut);
  await fixture.say('cancel r1');
  expect(fixture.store.runs.get(1)?.status).toBe('cancelled');
  await fixture.say('resume login');
  expect(started()).toEqual(['r1-1']);
});

test('what a hold keeps from running is counted and not told each time', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  runner.report(loggedOut);
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  fixture.clock.moveTo(new Date('2026-11-23T11:00:00Z'));
  expect(await fixture.told()).not.toContain('⏭️');
  expect(fixture.store.occurrences.settled(1, 9).map((each) => each.reason)).toEqual([
    'r1 was still deferred: Claude Code is not logged in on this host',
    'r1 was still deferred: Claude Code is not logged in on this host',
    null,
  ]);
});

test('during a hold one run waits for all that is caught up, whatever the rule, and what was missed is told', async () => {
  await run('one');
  runner.report(limitUntil('2026-11-24T11:00:00Z'));
  await fixture.say('schedule tidy up --when hourly --name tidy --catch-up all');
  fixture.clock.moveTo(new Date('2026-11-23T12:30:00Z'));
  const states = (): string[] =>
    fixture.store.occurrences
      .settled(2, 100)
      .map(({ dueAt, state }) => `${dueAt.toISOString().slice(11, 13)} ${state}`);
  expect(states()).toEqual(['12 ran', '11 missed', '10 missed', '09 missed']);
  await fixture.settle();
  fixture.clock.moveTo(new Date('2026-11-23T14:30:00Z'));
  expect(states().slice(0, 2)).toEqual(['14 missed', '13 missed']);
  const told = await fixture.told();
  expect(told).toMatch(/⏭️ tidy was due .*12:00 UTC while nightdesk was not running; .* It missed 3 occurrences: /);
  expect(told).toMatch(/⏭️ tidy missed 2 occurrences: .*13:00 UTC · .*14:00 UTC: nightdesk was not running\./);
  fixture.clock.moveTo(new Date('2026-11-24T11:00:00Z'));
  expect(started()).toEqual(['r1-1', 'r1-2', 'r2-1']);
});

test('resuming a login that nothing waits for says so, and who may run nothing may not resume it', async () => {
  expect(await fixture.say('resume login')).toBe('Nothing waits for the login. `list` shows what is due.');
  await run('one');
  runner.report(loggedOut);
  expect(await fixture.say('resume login', 'web:eve')).toContain('You need to be a member of a project');
  expect(started()).toEqual(['r1-1']);
});

test('no job can be named login', async () => {
  expect(await fixture.say('schedule mend it --name login')).toContain('it is a word of the commands');
});
