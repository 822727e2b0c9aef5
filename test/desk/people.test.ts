import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import type { Actor } from '../../src/bots/chat.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';
import { createStoredChat, type StoredChat } from '../support/stored-chat.ts';

let runner: FakeRunner;
let slack: StoredChat;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  slack = createStoredChat();
  const access = {
    admins: [],
    projects: {
      '*': { viewers: ['slack:*'], members: [], maintainers: [] },
      api: { viewers: [], members: ['slack:U1'], maintainers: ['slack:S1'] },
    },
  };
  fixture = await startDesk({ runner, chats: [slack], settings: { access }, projects: [testProject()] });
  await say('schedule tidy up --name tidy --retries 0 --accept "$ npm test"');
});
afterEach(() => fixture.stop());

async function say(text: string, actor: Actor = slack.actor('slack:U1')): Promise<string> {
  const reply = await fixture.desk.handlers.onText(text, actor);
  await fixture.desk.delivered();
  return renderText(reply.message, 'UTC');
}
async function failRun(): Promise<void> {
  await say('run tidy');
  runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
  await fixture.desk.delivered();
}
async function react(person: string, more: Partial<Actor> = {}): Promise<void> {
  const ref = slack.posted.find(({ key }) => key === 'run:1')?.ref ?? '';
  await fixture.desk.handlers.onReaction('added', 'retry', ref, slack.actor(person, more));
}
const act = async (): Promise<void> => {
  fixture.clock.advance(5_000);
  await fixture.desk.delivered();
};

describe('rights', () => {
  test('are those of a group that a list names, too', async () => {
    expect(await say('pause tidy', slack.actor('slack:U2'))).toBe(
      'You need to be a maintainer of `api` to pause the job of @U1. Your id here is `slack:U2`; `access.api.maintainers` in nightdesk.yaml would allow it.',
    );
    const other = slack.actor('slack:U2', { groups: ['slack:S2', 'slack:S3'] });
    expect(await say('pause tidy', other)).toContain(
      'Your id here is `slack:U2`, and you are in `slack:S2`, `slack:S3`; ',
    );
    expect(await say('pause tidy', slack.actor('slack:U2', { groups: ['slack:S2', 'slack:S1'] }))).toContain(
      'is paused',
    );
  });

  test('of everybody on a platform are not those of its guests', async () => {
    expect(await say('show tidy', slack.actor('slack:U2'))).toContain('tidy scheduled by @U1');
    expect(await say('show tidy', slack.actor('slack:U2', { isGuest: true }))).toContain('There is no job `tidy`');
  });
});

describe('a reaction', () => {
  beforeEach(failRun);

  test('acts with the rights that its person has when it acts', async () => {
    slack.members.set('slack:U2', { isGone: false, groups: ['slack:S1'] });
    await react('slack:U2');
    await act();
    expect(fixture.store.runs.get(2)).toMatchObject({ retryOf: 1, requestedBy: 'slack:U2' });
    expect(fixture.store.audit.list().at(-1)).toMatchObject({
      act: 'retry',
      target: 'r1',
      person: 'slack:U2',
      channel: 'slack:C1',
    });
    expect(fixture.store.audit.list().at(-1)?.eventId).toMatch(/^event-/);
  });

  test('of somebody who has lost the group since does nothing but say what it takes', async () => {
    await react('slack:U2', { groups: ['slack:S1'] });
    slack.members.set('slack:U2', { isGone: false, groups: [] });
    await act();
    expect(fixture.store.runs.get(2)).toBeUndefined();
    expect(slack.texts('slack:C1').at(-1)).toBe(
      '@U2 may not retry this run: it takes a maintainer of `api`. Their id here is `slack:U2`; `access.api.maintainers` in nightdesk.yaml would allow it.',
    );
    expect(fixture.store.audit.list().at(-1)).toMatchObject({ act: 'refused', target: 'retry r1' });
  });

  test('of somebody who has left does nothing', async () => {
    await react('slack:U1');
    slack.members.set('slack:U1', { isGone: true });
    await act();
    expect(fixture.store.runs.get(2)).toBeUndefined();
    expect(slack.texts('slack:C1').at(-1)).toBe('@U1 has left: the reaction does nothing.');
  });

  test('waits where the platform can’t say who somebody is', async () => {
    slack.isDown = true;
    await react('slack:U1');
    await act();
    expect(fixture.store.runs.get(2)).toBeUndefined();
    slack.isDown = false;
    fixture.clock.advance(30_000);
    await fixture.desk.delivered();
    expect(fixture.store.runs.get(2)).toMatchObject({ retryOf: 1 });
  });

  test('is due again where the store took neither it nor that it is put off', async () => {
    await react('slack:U1');
    const refused = ['DELETE ON main.reactions', 'UPDATE ON main.reactions', 'INSERT ON main.agenda_jobs'];
    for (const [index, what] of refused.entries()) {
      fixture.db.$client.exec(
        `CREATE TEMP TRIGGER full${index} BEFORE ${what} BEGIN SELECT raise(ABORT, 'disk full'); END`,
      );
    }
    await act();
    for (const index of refused.keys()) fixture.db.$client.exec(`DROP TRIGGER full${index}`);
    expect(fixture.store.runs.get(2)).toBeUndefined();
    const again = fixture.clock.now().getTime() + 30_000;
    const alarms = fixture.db.$client.prepare('SELECT count(*) FROM agenda_jobs WHERE next_run_at = ?').pluck();
    await vi.waitFor(() => expect(alarms.get(again)).toBe(1), { timeout: 10_000 });
    fixture.clock.advance(30_000);
    await fixture.desk.delivered();
    expect(fixture.store.runs.get(2)).toMatchObject({ retryOf: 1 });
  });
});

describe('another owner', () => {
  test('is given by a maintainer or the owner; the message says who scheduled it and whose it is', async () => {
    expect(await say('edit tidy --owner slack:U3', slack.actor('slack:U3'))).toContain('You need to be a maintainer');
    const maintainer = slack.actor('slack:U2', { groups: ['slack:S1'] });
    expect(await say('edit tidy --owner @slack:U3', maintainer)).toBe('tidy is edited.\nowner: @U1 → @U3');
    expect(fixture.store.jobs.findByName('tidy')?.owner).toBe('slack:U3');
    expect(slack.texts('slack:C1')[0]).toContain('tidy scheduled by @U1, now of @U3: on demand only');
    expect(fixture.store.audit.list().map(({ act, target }) => `${act} ${target}`)).toEqual([
      'schedule tidy',
      'refused edit the job of @U1 in api',
      'edit tidy',
      'owner tidy: slack:U1 → slack:U3',
    ]);
    expect(await say('edit tidy --owner slack:U1', slack.actor('slack:U3'))).toContain('You need to be a member');
  });

  test.each(['ada', 'slack:ada', 'slack:S012', 'discord:ada', 'web:', 'web:*', 'mail:ada@example.org'])(
    'has to be a person’s reference: %j is none',
    async (owner) => {
      expect(await say(`edit tidy --owner ${owner}`)).toMatch(
        /^I can't read `--owner [^`]+`\.[^]*An owner is a person/,
      );
    },
  );

  test('is told of the runs that come, not of the one under way', async () => {
    await say('run tidy');
    await say('edit tidy --owner slack:U3');
    runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
    await fixture.desk.delivered();
    await say('run tidy', slack.actor('slack:U2', { groups: ['slack:S1'] }));
    runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
    await fixture.desk.delivered();
    expect(slack.posted.flatMap(({ mention }) => mention ?? [])).toEqual(['slack:U1', 'slack:U3']);
  });
});
