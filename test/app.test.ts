import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';

import { startApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/open-database.ts';
import { startSlackServer } from './support/slack-server/start-slack-server.ts';
import { createStore } from '../src/db/store.ts';
import { usualPolicies } from './support/usual-policies.ts';

/** A data directory with a run that failed a moment ago and a digest that fell due while nightdesk was down. */
function writeNight(directory: string, now: Date, dueAt: Date): void {
  const db = openDatabase(path.join(directory, 'nightdesk.db'));
  createStore(db).change((change) => {
    const settings = { timeoutMs: 60_000, retries: 0, notify: 'never' as const, ...usualPolicies };
    const common = { goal: 'tidy', project: 'api', checks: [], settings, channel: 'web:general', owner: 'web:ada' };
    const jobId = change.jobs.insert({ ...common, name: 'tidy', schedule: null, createdAt: now });
    const run = change.runs.insert({ jobId, spec: { ...common, jobName: 'tidy' }, trigger: 'schedule', queuedAt: now });
    change.runs.update(run.id, { status: 'failed', startedAt: now, endedAt: now, reason: ['it broke'] });
    change.digests.plan('web:general', dueAt);
  });
  db.$client.close();
}

test('a digest that is due at the start links to the address that the page listens on, where none is configured', async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-app-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  for (const folder of ['data', 'api']) mkdirSync(path.join(root, folder));
  const now = new Date();
  const dueAt = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  writeNight(path.join(root, 'data'), now, dueAt);
  const file = path.join(root, 'nightdesk.yaml');
  const time = dueAt.toISOString().slice(11, 16);
  writeFileSync(
    file,
    `projects: { api: { path: api } }
dataDirectory: data
digest: { time: "${time}", zone: UTC, channels: [web:general] }
web: { port: 0, people: [ada] }
`,
  );
  const app = await startApp(loadConfig(file, { PATH: '/usr/bin', HOME: root }), {
    holder: 'a test',
    secrets: [],
    log: pino({ level: 'silent' }),
  });
  try {
    await app.delivered();
    const headers = { authorization: `Bearer ${app.tokenFor('ada')}` };
    const response = await fetch(`${app.url}/api/channels/general/messages`, { headers });
    expect(await response.text()).toContain(`${app.url}/runs/r1`);
  } finally {
    await app.stop();
  }
});

test('where Slack is down nightdesk starts all the same, and takes commands once Slack is there', async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-app-')));
  const slack = await startSlackServer();
  onTestFinished(async () => {
    await slack.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const folder of ['data', 'api']) mkdirSync(path.join(root, folder));
  const ada = slack.addUser('ada');
  const channel = slack.addChannel('night', { members: [ada] });
  const file = path.join(root, 'nightdesk.yaml');
  writeFileSync(
    file,
    `projects: { api: { path: api } }
dataDirectory: data
slack: { apiUrl: "${slack.apiUrl}" }
access: { admins: ["slack:${ada.id}"] }
web: { port: 0, people: [ada] }
`,
  );
  slack.faults.cutNetwork();
  const env = { PATH: '/usr/bin', HOME: root, SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
  const app = await startApp(loadConfig(file, env), { holder: 'a test', secrets: [], log: pino({ level: 'silent' }) });
  try {
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    const down = await fetch(`${app.url}/readyz`);
    expect([down.status, await down.json()]).toMatchObject([
      503,
      {
        parts: {
          store: { isOk: true },
          clock: { isOk: true },
          web: { isOk: true },
          slack: { isOk: false, why: 'not connected' },
        },
      },
    ]);
    expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('nightdesk_chat_connected{platform="slack"} 0');
    slack.faults.mendNetwork();
    await slack.connected(2);
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
    expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('nightdesk_chat_connected{platform="slack"} 1');
    const act = await slack.slash('/claude', 'schedule tidy the docs --project api', { user: ada, channel });
    expect(act.ack.ok).toBe(true);
    await slack.until('the job', () => slack.messagesIn(channel).find(({ text }) => text.includes('tidy')));
  } finally {
    await app.stop();
  }
  await slack.until('the end', () => slack.sockets.count() === 0);
  expect(slack.violations).toEqual([]);
});
