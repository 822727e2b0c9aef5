import { setTimeout as pause } from 'node:timers/promises';

import { startSlackServer } from '../test/support/slack-server/start-slack-server.ts';
import { ackFigures, countJobs, type Acks } from './acks.ts';
import { whileContended } from './contend.ts';
import { idleBot, withBot } from './desk-process.ts';
import { flood } from './flood.ts';
import { printFigures } from './measure.ts';

const perSecond = 200;
const seconds = 20;
const webApiMs = 1_000;
const carriedOutWithinMs = 120_000;

/** A quarter writes; what is read is answered to the asker. */
const commands = (index: number): string =>
  ['show job-0', 'history', 'projects'][(index % 4) - 1] ??
  `schedule tidy the docs --project api --when "tomorrow at 9am" --name job-${index}`;
const scheduled = (perSecond * seconds) / 4;

/** How long Slack waits for each command. The app is a process of its own, and Slack is this one. */
async function acknowledge(isContended: boolean): Promise<Acks> {
  const slack = await startSlackServer();
  const users = Array.from({ length: 100 }, (_, index) => slack.addUser(`person-${index}`));
  const channels = Array.from({ length: 10 }, (_, index) => slack.addChannel(`channel-${index}`, { members: users }));
  const type = (text: string, index: number) => {
    const [user, channel] = [users[index % users.length], channels[index % channels.length]];
    if (user === undefined || channel === undefined) throw new Error('There is nobody to type');
    return slack.slash('/claude', text, { user, channel });
  };
  const sections = { slack: { apiUrl: slack.apiUrl }, access: { admins: ['slack:*'] } };
  const tokens = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
  try {
    return await withBot({ ...idleBot, sections, tokens }, async ({ store }) => {
      await slack.connected(2);
      // Who is new is looked up first; a team's people are known.
      for (const index of users.keys()) await (await type('projects', index)).answer();
      const answered = slack.world.ephemeral.length;
      slack.faults.slow(webApiMs);
      const work = () => flood(perSecond, seconds, (index) => type(commands(index), index));
      const { result: acts, share } = isContended
        ? await whileContended(store, work)
        : { result: await work(), share: 0 };
      const since = performance.now();
      const wrong = (): number =>
        Math.abs(scheduled - countJobs(store)) +
        Math.abs(acts.length - scheduled - (slack.world.ephemeral.length - answered));
      while (wrong() > 0 && performance.now() - since < carriedOutWithinMs) await pause(100);
      return {
        tookMs: acts.map(({ ack }) => ack.afterMs),
        failed: acts.filter(({ ack }) => !ack.ok).length,
        share,
        behindMs: performance.now() - since,
        wrong: wrong(),
      };
    });
  } finally {
    await slack.close();
  }
}

/** What people see of a busy host: how long a slash command shows that it is sent. */
export async function benchSlackAck(): Promise<void> {
  const alone = await acknowledge(false);
  const contended = await acknowledge(true);
  printFigures(
    `Slack: acknowledgements, ${perSecond} commands/s for ${seconds} s, Web API ${webApiMs} ms slow`,
    ackFigures(alone, contended, 2_500),
  );
}
