import { expect, onTestFinished, test } from 'vitest';

import { createFakeRunner } from '../support/fake-runner.ts';
import { startDesk } from '../support/desk-fixture.ts';

test('a start sets the bell for the next occurrence, though its alarm is gone', async () => {
  const first = await startDesk({ runner: createFakeRunner() });
  await first.say('schedule look around --name early --when "in 10 minutes"');
  await first.say('schedule look around --name late --when "in 2 hours"');
  const now = first.clock.now();
  first.db.$client.exec('DELETE FROM agenda_jobs');
  await first.stop({ keep: true });
  const second = await startDesk({ runner: createFakeRunner(), directory: first.directory, start: now });
  onTestFinished(() => second.stop());
  const alarms = (): unknown[] => second.db.$client.prepare('SELECT next_run_at FROM agenda_jobs').pluck().all();
  expect(alarms()).toContain(now.getTime() + 600_000);
  second.clock.advance(600_000);
  expect(second.store.runs.latestOfJob(1)?.spec.jobName).toBe('early');
  expect(alarms()).toContain(now.getTime() + 7_200_000);
});

test('list shows the first hundred jobs and says how to see another', async () => {
  const fixture = await startDesk({ runner: createFakeRunner() });
  onTestFinished(() => fixture.stop());
  for (let number = 100; number <= 201; number += 1) await fixture.say(`schedule look around --name job-${number}`);
  const listed = await fixture.say('list');
  expect(listed).toContain('job-199 ·');
  expect(listed).not.toContain('job-200');
  expect(listed).toContain('These are the first 100 by name; `show <name>` shows any other.');
  expect(await fixture.say('show job-201')).toContain('look around');
});
