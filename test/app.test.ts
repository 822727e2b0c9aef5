import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';

import { startApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/open-database.ts';
import { startSlackServer } from './support/slack-server/start-slack-server.ts';
import { createStore } from '../src/db/store.ts';
import { makeRepository, tempFolder } from './support/temp-repository.ts';
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

test.each([
  ['the host’s zone where it has none of its own', '', 'Asia/Kolkata'],
  ['its own zone', 'zone: America/New_York, ', 'America/New_York'],
])('a digest comes at its time in %s', async (_what, own, zone) => {
  const root = tempFolder();
  mkdirSync(path.join(root, 'api'));
  const file = path.join(root, 'nightdesk.yaml');
  writeFileSync(
    file,
    `projects: { api: { path: api } }
dataDirectory: data
host: { zone: Asia/Kolkata }
digest: { time: "07:15", ${own}channels: [web:general] }
web: { port: 0, people: [ada] }
`,
  );
  const config = loadConfig(file, { PATH: '/usr/bin', HOME: root });
  const app = await startApp(config, { holder: 'a test', secrets: [], log: pino({ level: 'silent' }) });
  await app.stop();
  const db = openDatabase(path.join(root, 'data/nightdesk.db'));
  onTestFinished(() => void db.$client.close());
  const instants = createStore(db).digests.instants();
  expect(instants.map((at) => at.toLocaleTimeString('en-GB', { timeZone: zone }))).toEqual(['07:15:00']);
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

test('a configuration is read again though nothing can be written in the store, and what follows comes when it can be', async () => {
  const root = tempFolder();
  mkdirSync(path.join(root, 'api'));
  const file = path.join(root, 'nightdesk.yaml');
  const load = (yaml: object) => {
    writeFileSync(file, JSON.stringify({ projects: { api: { path: 'api' } }, dataDirectory: 'data', ...yaml }));
    return loadConfig(file, { PATH: '/usr/bin', HOME: root });
  };
  const web = { port: 0, people: ['ada'] };
  const faults: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void faults.push(line) });
  const app = await startApp(load({ web, alerts: 'web:general' }), { holder: 'a test', secrets: [], log });
  const db = openDatabase(path.join(root, 'data/nightdesk.db'));
  onTestFinished(async () => {
    db.$client.close();
    await app.stop();
  });
  const { digests } = createStore(db);
  for (const table of ['alerts', 'digests']) {
    const full = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    db.$client.exec(`CREATE TRIGGER full_${table} BEFORE INSERT ON ${table} ${full}`);
  }
  // From here to the mending nothing else has its turn.
  faults.splice(0);
  app.reloadRefused('web.prot: unknown key');
  expect(faults.splice(0)).toEqual([expect.stringContaining('database or disk is full')]);
  const next = load({ web: { ...web, people: ['ada', 'grace'] }, digest: { channels: ['web:general'] } });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    expect(app.reload(next)).toEqual({ kept: [], newPeople: ['grace'] });
    expect(faults).toEqual([expect.stringContaining('database or disk is full')]);
    expect(digests.instants()).toEqual([]);
    for (const table of ['alerts', 'digests']) db.$client.exec(`DROP TRIGGER full_${table}`);
    vi.advanceTimersByTime(10_000);
    expect(digests.instants()).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

// Plays both parts: the worker is done at once, and the judge never comes to an end.
const silentJudge = `#!/bin/bash
case "$*" in *--json-schema*) exec sleep 600 ;; esac
echo '{"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"Done."}]}}'
echo '{"type":"result","subtype":"success","is_error":false,"result":"Done.","num_turns":1,"total_cost_usd":0.01}'
`;

test('a configuration that is read again gives a judge its new time limit', async () => {
  const root = tempFolder();
  makeRepository(path.join(root, 'api'), { 'a.txt': 'one' });
  const claude = path.join(root, 'claude.sh');
  writeFileSync(claude, silentJudge);
  chmodSync(claude, 0o755);
  const file = path.join(root, 'nightdesk.yaml');
  const load = (judgeTimeout: string) => {
    const yaml = {
      projects: { api: { path: 'api' } },
      dataDirectory: 'data',
      claude: { command: claude, judgeTimeout },
      web: { port: 0, people: ['ada'] },
    };
    writeFileSync(file, JSON.stringify(yaml));
    return loadConfig(file, { PATH: process.env['PATH'], HOME: root });
  };
  const log = pino({ level: 'silent' });
  const app = await startApp(load('10 min'), { holder: 'a test', secrets: [], log });
  const headers = { authorization: `Bearer ${app.tokenFor('ada')}`, 'content-type': 'application/json' };
  try {
    expect(app.reload(load('1 s'))).toEqual({ kept: [], newPeople: [] });
    const body = {
      channel: 'general',
      text: 'schedule tidy the docs --when now --retries 0 --accept "It reads well."',
    };
    await fetch(`${app.url}/api/command`, { method: 'POST', headers, body: JSON.stringify(body) });
    const reason = async (): Promise<string> => (await fetch(`${app.url}/api/runs/r1`, { headers })).text();
    await expect.poll(reason, { timeout: 15_000 }).toContain('the judge ran out of time at 1 s');
  } finally {
    const body = JSON.stringify({ channel: 'general', text: 'cancel r1' });
    await fetch(`${app.url}/api/command`, { method: 'POST', headers, body });
    await expect
      .poll(async () => (await fetch(`${app.url}/api/runs/r1`, { headers })).text(), { timeout: 15_000 })
      .toContain('"isLive":false');
    await app.stop();
  }
});
