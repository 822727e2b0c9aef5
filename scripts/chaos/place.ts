import { cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startSlackServer, type SlackServer } from '../../test/support/slack-server/start-slack-server.ts';
import { makeRepository, writeFiles } from '../../test/support/temp-repository.ts';
import type { SeedPlan } from './plan.ts';

export type SlackChannel = ReturnType<SlackServer['addChannel']>;

/** Where a seed happens: its folder, its projects, and a Slack that stores what it is told. */
export interface Place {
  root: string;
  config: string;
  database: string;
  env: Record<string, string>;
  slack: SlackServer;
  person: ReturnType<SlackServer['addUser']>;
  /** Each job has a channel of its own: Slack takes one message a second in a channel. */
  channels: Map<string, SlackChannel>;
}

const standIn = fileURLToPath(new URL('stand-in.sh', import.meta.url));

export async function makePlace(plan: SeedPlan): Promise<Place> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `nightdesk-chaos-${plan.seed}-`)));
  mkdirSync(join(root, 'home'));
  // Copied, since other seeds wait while git makes one.
  makeRepository(join(root, 'one'), { 'README.md': 'one\n' });
  cpSync(join(root, 'one'), join(root, 'two'), { recursive: true });
  writeFiles(join(root, 'in-place'), { 'README.md': 'in place\n' });
  const slack = await startSlackServer();
  const person = slack.addUser('ada', { tz: 'Etc/UTC' });
  const channels = new Map(plan.jobs.map(({ name }) => [name, slack.addChannel(name, { members: [person] })]));
  const config = join(root, 'nightdesk.yaml');
  // JSON is YAML.
  const yaml = {
    host: { concurrency: 3, zone: 'UTC' },
    dataDirectory: 'data',
    // The least that every judge keeps to; a limit for a whole attempt is a minute at least.
    claude: { command: [standIn], env: { CHAOS_ROOT: root }, judgeTimeout: '2s' },
    projects: { one: { path: 'one' }, two: { path: 'two' }, 'in-place': { path: 'in-place' } },
    access: { admins: ['web:ada', `slack:${person.id}`] },
    slack: { apiUrl: slack.apiUrl },
    web: { port: 0, people: ['ada'] },
  };
  writeFileSync(config, JSON.stringify(yaml));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(root, 'home'),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
  };
  return { root, config, database: join(root, 'data', 'nightdesk.db'), env, slack, person, channels };
}
