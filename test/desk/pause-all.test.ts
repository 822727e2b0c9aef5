import { afterEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

let fixture: DeskFixture;
afterEach(() => fixture.stop());

const paused = (): unknown[] =>
  fixture.store.jobs.list().map(({ name, paused }) => [name, paused && (paused.until?.toISOString() ?? 'resumed')]);

test('pause all makes no pause shorter, and those longer that would end before', async () => {
  fixture = await startDesk({ runner: createFakeRunner() });
  for (const name of ['ever', 'hour', 'none'])
    await fixture.say(`schedule do ${name} --name ${name} --when "every hour"`);
  await fixture.say('pause ever');
  await fixture.say('pause hour for 1h');
  expect(await fixture.say('pause all for 30 min')).toContain('1 job is paused until Mon 23 Nov 2026, 08:30 UTC: none');
  expect(await fixture.say('pause all for 2h')).toContain(
    '2 jobs are paused until Mon 23 Nov 2026, 10:00 UTC: hour, none',
  );
  expect(await fixture.say('pause all')).toContain('2 jobs are paused until somebody resumes it: hour, none');
  expect(paused()).toEqual([
    ['ever', 'resumed'],
    ['hour', 'resumed'],
    ['none', 'resumed'],
  ]);
  fixture.clock.advance(3 * 3_600_000);
  expect(fixture.store.runs.list({ limit: 9 })).toEqual([]);
  expect(await fixture.say('pause all')).toBe('No job to be paused.');
});
