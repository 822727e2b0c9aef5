import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Finding } from '../../../src/cli/doctor/finding.ts';
import type { ServiceManager } from '../../../src/cli/doctor/service-env.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server/start-slack-server.ts';
import { makeDoctorPlace, type DoctorPlace } from './doctor-place.ts';

let place: DoctorPlace;
let slack: SlackServer;

beforeEach(async () => {
  place = makeDoctorPlace();
  slack = await startSlackServer();
});
afterEach(() => slack.close());

/** What is said of Slack, as `check: said → what to do`. */
async function examine(
  yaml: object = {},
  tokens: Record<string, string> = {},
  service?: ServiceManager,
): Promise<string[]> {
  place.write({ slack: { apiUrl: slack.apiUrl }, ...yaml });
  const env = {
    PATH: `${place.folder}/bin:/usr/bin:/bin`,
    HOME: place.folder,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    ...tokens,
  };
  const findings = await place.examine({ env, service });
  const isOfSlack = ({ check }: Finding): boolean => /slack|configuration/i.test(check);
  return findings
    .filter(isOfSlack)
    .filter(({ check, state }) => check !== 'configuration' || state !== 'ok')
    .map(({ check, state, said, toDo }) => `${state} ${check}: ${said}${toDo === undefined ? '' : ` → ${toDo}`}`);
}

test('where all is well, the bot, its scopes, the connection and each channel are ok', async () => {
  const deploys = slack.addChannel('deploys');
  const ada = slack.addUser('ada');
  expect(await examine({ channels: { [`slack:${deploys.id}`]: {} }, alerts: `slack:@${ada.id}` })).toEqual([
    'ok Slack: the bot is @nightdesk in Home',
    'ok scopes of Slack: all are there',
    'ok connection of Slack: Socket Mode can be opened',
    `ok direct messages slack:@${ada.id}: they go to ada`,
    `ok channel slack:${deploys.id}: the bot is in #deploys`,
  ]);
});

test('without a section for Slack nothing is asked', async () => {
  expect(await examine({ slack: undefined })).toEqual([]);
  expect(slack.calls).toEqual([]);
});

test('tokens that are missing are faults of the configuration, all at once', async () => {
  const [fault = ''] = await examine({}, { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' });
  expect(fault).toMatch(/SLACK_BOT_TOKEN is not set[^]*SLACK_APP_TOKEN is not set[^]*docs\/slack\.md/);
});

test('tokens that have changed places are named without being shown', async () => {
  const findings = await examine({}, { SLACK_BOT_TOKEN: slack.appToken, SLACK_APP_TOKEN: 'hello' });
  expect(findings).toEqual([
    'fault Slack: SLACK_BOT_TOKEN begins with xapp- → it begins with xoxb-; Slack shows it under OAuth & Permissions',
    'fault Slack: SLACK_APP_TOKEN is no token of Slack → it begins with xapp-; Slack shows it under Basic Information, App-Level Tokens',
  ]);
});

test('a token that was revoked is said with what to do', async () => {
  slack.revokeToken('bot');
  expect(await examine()).toEqual([
    expect.stringMatching(/^fault Slack: Slack refuses SLACK_BOT_TOKEN: token_revoked → .*install it again/),
  ]);
});

test('an app token that was revoked leaves the rest checked', async () => {
  slack.revokeToken('app');
  expect((await examine())[2]).toMatch(/^fault connection of Slack: Slack refuses SLACK_APP_TOKEN: token_revoked →/);
});

test('tokens that only the terminal has are used for the check, and the service lacks them', async () => {
  const service = { name: 'systemd' as const, env: { PATH: `${place.folder}/bin:/usr/bin:/bin`, HOME: place.folder } };
  expect((await examine({}, {}, service)).slice(0, 3)).toEqual([
    expect.stringMatching(/^warning configuration: SLACK_BOT_TOKEN is taken from this terminal.* → .*EnvironmentFile=/),
    expect.stringMatching(/^warning configuration: SLACK_APP_TOKEN is taken from this terminal/),
    'ok Slack: the bot is @nightdesk in Home',
  ]);
});

test('scopes that are missing are named with what they are for', async () => {
  slack.setScopes(slack.scopes().filter((scope) => scope !== 'files:write' && scope !== 'im:write'));
  expect((await examine())[1]).toBe(
    'fault scopes of Slack: missing: files:write (logs and patches in the thread), im:write (direct messages to the owner of a job) → paste what `nightdesk slack manifest` prints under App Manifest, save, and install the app again',
  );
});

test("each channel that can't be written to says why", async () => {
  const out = slack.addChannel('out', { withBot: false });
  const old = slack.addChannel('old');
  slack.archive(old);
  const secret = slack.addChannel('secret', { kind: 'private', withBot: false });
  const gone = slack.addUser('gone', { deleted: true });
  const channels = [`slack:${out.id}`, `slack:${old.id}`, `slack:${secret.id}`, `slack:@${gone.id}`, 'slack:@U404'];
  const findings = await examine({ digest: { channels } });
  expect(findings.slice(3).map((text) => text.replace(/^fault .*?: /, ''))).toEqual([
    'the bot is not in #out → write there: /invite @nightdesk',
    '#old is archived → unarchive it, or name another one',
    "there is none, or it is private and the bot is not in it → copy the id from the end of the channel's details; in a private one: /invite @nightdesk",
    'gone has left the workspace → name somebody else',
    'there is no such person → copy the member ID from their profile',
  ]);
});

test("a Slack that can't be reached is a fault", async () => {
  slack.faults.cutNetwork();
  expect(await examine()).toEqual([
    expect.stringMatching(/^fault Slack: http:.* can't be asked: .+ → see that this machine reaches Slack/),
  ]);
  slack.faults.mendNetwork();
  slack.faults.breakDown({ status: 503 });
  expect((await examine())[0]).toContain("can't be asked: status 503");
});

test('in HTTP mode it says where requests are awaited', async () => {
  const findings = await examine(
    { slack: { apiUrl: slack.apiUrl, mode: 'http', port: 0 } },
    { SLACK_SIGNING_SECRET: 's' },
  );
  expect(findings[2]).toBe("ok connection of Slack: Slack's requests are awaited at 127.0.0.1, port 0, /slack/events");
});
