import { afterEach, beforeEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeClaude, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner, settings: { concurrency: 3 } });
});
afterEach(() => fixture.stop());

const started = (): string[] => runner.started.map((request) => request.attemptId);
const states = (): string[] =>
  fixture.store.occurrences
    .settled(1, 100)
    .map(
      ({ dueAt, state, runId }) => `${dueAt.toISOString().slice(11, 16)} ${state}${runId === null ? '' : ` r${runId}`}`,
    )
    .reverse();
const at = (time: string): void => fixture.clock.moveTo(new Date(`2026-11-23T${time}:00Z`));
const schedule = (flags: string): Promise<string> => fixture.say(`schedule tidy up --when hourly --name tidy ${flags}`);

test('queue lets one run wait until the last has ended, and skips what falls due meanwhile', async () => {
  await schedule('--overlap queue');
  for (const time of ['09:00', '10:00', '11:00']) at(time);
  expect(started()).toEqual(['r1-1']);
  expect(await fixture.told()).toContain('🕔 tidy r2 waits: r1 of the same job is still running');
  expect(states()).toEqual(['09:00 ran r1', '10:00 ran r2', '11:00 skipped']);
  expect(await fixture.told()).toContain('tidy skipped Mon 23 Nov 2026, 11:00 UTC: r2 was waiting already.');
  runner.report();
  expect(started()).toEqual(['r1-1', 'r2-1']);
  at('12:00');
  expect(states().at(-1)).toBe('12:00 ran r3');
});

test('a run that waits behind another stays behind it while that one is put off', async () => {
  await schedule('--overlap queue');
  at('09:00');
  at('10:00');
  const result = { subtype: 'success', isError: true, apiErrorStatus: 529, terminalReason: null, text: 'overloaded' };
  runner.report({ claude: fakeClaude({ result }) });
  expect(fixture.store.runs.get(1)?.status).toBe('deferred');
  expect(started()).toEqual(['r1-1']);
  expect(await fixture.told()).toContain('🕔 tidy r2 waits: r1 of the same job is still deferred');
  at('10:02');
  expect(started()).toEqual(['r1-1', 'r1-2']);
  runner.report();
  expect(started()).toEqual(['r1-1', 'r1-2', 'r2-1']);
});

test('a run that waits is let go when the other is cancelled, also after a restart', async () => {
  await schedule('--overlap queue');
  at('09:00');
  at('10:00');
  await fixture.stop({ keep: true });
  fixture = await startDesk({ runner, directory: fixture.directory, start: new Date('2026-11-23T10:05:00Z') });
  expect(started()).toEqual(['r1-1', 'r1-1']);
  await fixture.say('cancel r1');
  runner.report({ attemptId: 'r1-1', isCancelled: true });
  expect(started().at(-1)).toBe('r2-1');
});

test('cancel ends the old run and runs when it has ended, not before', async () => {
  await schedule('--overlap cancel');
  at('09:00');
  at('10:00');
  expect(runner.cancelled).toEqual(['r1-1']);
  expect(started()).toEqual(['r1-1']);
  expect(await fixture.told()).toContain('🕔 tidy r2 waits: r1 of the same job is being cancelled');
  runner.report({ isCancelled: true });
  expect(started()).toEqual(['r1-1', 'r2-1']);
  const told = await fixture.told();
  expect(told).toContain('🛑 tidy r1 cancelled by the next occurrence of its job after 1 h');
  expect(told).toContain('🛑 the next occurrence of its job cancels this run.');
  expect(states()).toEqual(['09:00 ran r1', '10:00 ran r2']);
});

test('an old run that will not end is cancelled once, and one run waits for it', async () => {
  await schedule('--overlap cancel');
  for (const time of ['09:00', '10:00', '11:00']) at(time);
  expect(runner.cancelled).toEqual(['r1-1']);
  expect(states()).toEqual(['09:00 ran r1', '10:00 ran r2', '11:00 skipped']);
});

test('cancel also ends the old run where nightdesk was killed before it could say so', async () => {
  await schedule('--overlap cancel');
  at('09:00');
  runner.cancel = () => {};
  at('10:00');
  await fixture.stop({ keep: true });
  runner = createFakeRunner();
  fixture = await startDesk({ runner, directory: fixture.directory, start: new Date('2026-11-23T10:05:00Z') });
  expect(runner.cancelled).toEqual(['r1-1']);
  expect(started()).toEqual(['r1-1']);
});

test('allow runs beside the others as far as there are places, and never keeps more than one waiting', async () => {
  await schedule('--overlap allow');
  for (const time of ['09:00', '10:00', '11:00', '12:00', '13:00']) at(time);
  expect(started()).toEqual(['r1-1', 'r2-1', 'r3-1']);
  expect(states().slice(2)).toEqual(['11:00 ran r3', '12:00 ran r4', '13:00 skipped']);
  expect(await fixture.told()).toContain('r4 waits: r1, r2, r3 are at work, and this host runs 3 at once');
});

test('repeated skips edit one message, and a new one begins after a run', async () => {
  await schedule('');
  for (const time of ['09:00', '10:00', '11:00', '12:00']) at(time);
  const skips = async (): Promise<string[]> => (await fixture.told()).match(/⏭️ tidy skipped[^⏭⏳✅❔]*/gu) ?? [];
  const [only, ...others] = await skips();
  expect(others).toEqual([]);
  expect(only).toMatch(/^⏭️ tidy skipped Mon 23 Nov 2026, 12:00 UTC: r1 was still running\. Next: .*13:00 UTC\.$/m);
  expect(only).toMatch(/^3 skipped in a row: .*10:00 UTC · .*11:00 UTC · .*12:00 UTC\.$/m);
  runner.report();
  for (const time of ['13:00', '14:00']) at(time);
  const [, second] = await skips();
  expect(second).toMatch(/14:00 UTC: r2 was still running/);
  expect(second).not.toContain('in a row');
});

test('what is skipped many times is counted, and the newest are listed', async () => {
  await schedule('');
  at('09:00');
  for (let hour = 10; hour < 20; hour += 1) at(`${hour}:00`);
  expect(await fixture.told()).toMatch(/^10 skipped in a row: .*15:00 UTC · .*19:00 UTC, the first .*10:00 UTC\.$/m);
});

test('a run by hand is an older run too', async () => {
  await schedule('--overlap queue');
  await fixture.say('run tidy');
  at('09:00');
  expect(started()).toEqual(['r1-1']);
  runner.report();
  expect(started()).toEqual(['r1-1', 'r2-1']);
});

test.each(['queue', 'cancel', 'allow'])('while a hold keeps the last run waiting, %s adds none', async (overlap) => {
  await schedule(`--overlap ${overlap}`);
  at('09:00');
  const result = {
    subtype: 'success',
    isError: true,
    apiErrorStatus: 401,
    terminalReason: null,
    text: 'Please run /login',
  };
  runner.report({ claude: fakeClaude({ result }) });
  expect(fixture.store.runs.get(1)?.status).toBe('deferred');
  at('10:00');
  at('11:00');
  expect(states()).toEqual(['09:00 ran r1', '10:00 skipped', '11:00 skipped']);
  expect(runner.cancelled).toEqual([]);
});

test('an edit changes what happens from then on, and the job says so', async () => {
  expect(await schedule('')).not.toContain('while a run goes on');
  at('09:00');
  expect(await fixture.say('edit tidy --overlap queue --catch-up all --catch-up-within 2h')).toMatch(
    /overlap: skip → queue\ncatch-up: latest → all\ncatch-up within: 12 h → 2 h/,
  );
  expect(await fixture.say('show tidy')).toContain(
    'one waits while a run goes on · after downtime runs all that are up to 2 h late',
  );
  at('10:00');
  expect(states()).toEqual(['09:00 ran r1', '10:00 ran r2']);
});
