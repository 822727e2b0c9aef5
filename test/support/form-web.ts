import { createFormDesk } from '../../src/desk/form-desk.ts';
import { createReadDesk } from '../../src/desk/read-desk.ts';
import type { DeskSettings } from '../../src/desk/desk-settings.ts';
import { startDesk, testProject } from './desk-fixture.ts';
import { createFakeRunner } from './fake-runner.ts';
import { afterwards, startWeb } from './running-web.ts';
import { usualPolicies } from './usual-policies.ts';
import { keepAll } from './keep-all.ts';

/** The page and the API over the real desk, with two projects; ada and grace are members, eve may look. */
export async function startFormWeb() {
  const runner = createFakeRunner();
  const settings: DeskSettings = {
    commandName: '/claude',
    hostName: 'box',
    digest: { time: { hour: 8, minute: 0 }, zone: 'UTC', channels: [] },
    minFree: { bytes: 1024 ** 3 },
    retention: keepAll,
    hostZone: 'Europe/Berlin',
    nightlyAt: { hour: 2, minute: 0 },
    concurrency: 2,
    runDefaults: { timeoutMs: 7_200_000, retries: 2, notify: 'failure', ...usualPolicies },
    projects: new Map(['api', 'shop'].map((name) => [name, testProject({ name })])),
    channels: new Map([['web:general', { project: 'api' }]]),
    access: {
      admins: [],
      projects: { '*': { viewers: ['web:eve'], members: ['web:ada', 'web:grace'], maintainers: [] } },
    },
  };
  const fixture = await startDesk({ runner, settings });
  afterwards(() => fixture.stop());
  const { store, clock } = fixture;
  const web = await startWeb(fixture.directory, fixture.chat, {
    desk: {
      ...createReadDesk({ store, runner, settings, now: clock.now }),
      ...createFormDesk({ store, settings, now: clock.now }),
    },
  });
  return { fixture, web, runner };
}
