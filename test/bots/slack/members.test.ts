import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createMembers, type Members } from '../../../src/bots/slack/members.ts';
import { createWebClient } from '../../../src/bots/slack/web-client.ts';
import { silentSlackLog } from '../../support/silent-slack-log.ts';
import type { SlackUser } from '../../support/slack-server/slack-types.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server/start-slack-server.ts';

let slack: SlackServer;
let ada: SlackUser;
let grace: SlackUser;
let groups: string[];
let members: Members;
let now: number;
let faults: unknown[];

beforeEach(async () => {
  slack = await startSlackServer();
  ada = slack.addUser('ada', { tz: 'Asia/Tokyo' });
  grace = slack.addUser('grace');
  groups = [
    `slack:${slack.addGroup('ops', [ada]).id}`,
    `slack:${slack.addGroup('web', [ada, grace]).id}`,
    'discord:role-1',
  ];
  now = 1_700_000_000_000;
  faults = [];
  members = createMembers({
    client: createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl, logger: silentSlackLog }),
    groups: () => groups,
    now: () => new Date(now),
    onFault: (error) => faults.push(error),
  });
});
afterEach(() => slack.close());

const of = (user: { id: string }) => members.of(`slack:${user.id}`);

describe('a person of Slack', () => {
  test('has a zone and the groups that the configuration names', async () => {
    expect(await of(ada)).toEqual({ isGone: false, isGuest: false, zone: 'Asia/Tokyo', groups: groups.slice(0, 2) });
    expect(await of(grace)).toMatchObject({ zone: 'Europe/Berlin', groups: [groups[1]] });
  });

  test.each([
    ['a guest of some channels', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['a stranger', { is_stranger: true }],
    ['the bot of another app', { is_bot: true }],
    ['somebody of another workspace', { team: 'T0OTHER' }],
  ])('%s is a guest', async (_, facts) => {
    expect(await of(slack.addUser('eve', facts))).toMatchObject({ isGuest: true, isGone: false });
  });

  test('who was deactivated or is not known is gone, and in no group', async () => {
    ada.deleted = true;
    expect(await of(ada)).toMatchObject({ isGone: true, groups: [] });
    expect(await members.of('slack:U0NOBODY')).toMatchObject({ isGone: true, groups: [] });
  });

  test('what is no person of Slack is not asked for', async () => {
    expect(await members.of('web:ada')).toBeUndefined();
    expect(await members.of('slack:S012')).toBeUndefined();
    expect(slack.calls).toHaveLength(0);
  });

  test('is asked for once a minute, however many ask at once', async () => {
    await Promise.all([of(ada), of(ada), of(ada)]);
    now += 59_000;
    await of(ada);
    const asked = (): number => slack.calls.filter(({ method }) => method === 'users.info').length;
    expect(asked()).toBe(1);
    now += 1_000;
    ada.deleted = true;
    expect(await of(ada)).toMatchObject({ isGone: true });
    expect(asked()).toBe(2);
  });

  test('is asked for anew where the clock was set back: a right that was taken is not kept for so long', async () => {
    await of(ada);
    ada.is_restricted = true;
    now -= 3_600_000;
    expect(await of(ada)).toMatchObject({ isGuest: true });
  });

  test('while Slack does not answer is as last known for a quarter of an hour, and then unknown', async () => {
    await of(ada);
    slack.faults.cutNetwork();
    now += 14 * 60_000;
    expect(await of(ada)).toMatchObject({ isGone: false, groups: groups.slice(0, 2) });
    now += 60_000;
    expect(await of(ada)).toBeUndefined();
    expect(faults.length).toBeGreaterThan(0);
  });

  test('has no group that Slack does not tell of', async () => {
    slack.faults.breakDown({ method: 'usergroups.users.list', status: 500 });
    expect(await of(ada)).toMatchObject({ isGone: false, groups: [] });
  });

  test('is not waited for longer than a person waits', async () => {
    slack.faults.slow(60_000, 'users.info');
    const began = Date.now();
    expect(await of(ada)).toBeUndefined();
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});
