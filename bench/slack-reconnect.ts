import { setTimeout as pause } from 'node:timers/promises';

import { startSlackServer } from '../test/support/slack-server/start-slack-server.ts';
import { countJobs } from './acks.ts';
import { idleBot, withBot } from './desk-process.ts';
import { flood } from './flood.ts';
import { ms, printFigures } from './measure.ts';

const perSecond = 20;
const rounds = 10;
/** Longer than the bot holds a connection whose end was announced, so that each round meets two that are good. */
const roundMs = 11_000;
const seconds = (rounds * roundMs) / 1_000;
const carriedOutWithinMs = 60_000;

/** Slack renews both connections at once, ten times over, while commands come in. */
export async function benchSlackReconnect(): Promise<void> {
  const slack = await startSlackServer();
  const user = slack.addUser('ada');
  const channel = slack.addChannel('night', { members: [user] });
  const sections = { slack: { apiUrl: slack.apiUrl }, access: { admins: ['slack:*'] } };
  const tokens = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
  try {
    await withBot({ ...idleBot, sections, tokens }, async ({ store }) => {
      await slack.connected(2);
      const opened = (): number => slack.calls.filter(({ method }) => method === 'apps.connections.open').length;
      const before = opened();
      const typing = flood(perSecond, seconds, (index) =>
        slack.slash('/claude', `schedule tidy the docs --project api --name job-${index}`, { user, channel }),
      );
      for (let round = 0; round < rounds; round += 1) {
        slack.sockets.announceEnd(round % 2 === 0 ? 'warning' : 'refresh_requested');
        await pause(roundMs);
      }
      const acts = await typing;
      const since = performance.now();
      while (countJobs(store) < acts.length && performance.now() - since < carriedOutWithinMs) await pause(100);
      const lost = acts.filter(({ ack }) => !ack.ok).length;
      const missing = acts.length - countJobs(store);
      const worst = Math.max(...acts.map(({ ack }) => ack.afterMs));
      printFigures(`Slack: ${opened() - before} connections renewed under ${perSecond} commands/s`, [
        { what: `lost of ${acts.length} commands`, value: String(lost), goal: '0', isMet: lost === 0 },
        { what: 'carried out twice or never', value: String(Math.abs(missing)), goal: '0', isMet: missing === 0 },
        { what: 'the longest acknowledgement', value: ms(worst), goal: '≤ 3 s', isMet: worst <= 3_000 },
      ]);
    });
  } finally {
    await slack.close();
  }
}
