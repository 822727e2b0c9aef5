import { setTimeout as pause } from 'node:timers/promises';

import { startDiscordServer } from '../test/support/discord-server/discord-server.ts';
import { strictLimits } from '../test/support/discord-server/rate-limits.ts';
import { ackFigures, countJobs, type Acks } from './acks.ts';
import { whileContended } from './contend.ts';
import { idleBot, withBot } from './desk-process.ts';
import { flood } from './flood.ts';
import { printFigures } from './measure.ts';

const perSecond = 50;
const seconds = 20;
const carriedOutWithinMs = 120_000;

type Typed = [words: string, options?: Record<string, string>];

/** A quarter writes. */
const commands = (index: number): Typed =>
  ([['claude show', { run: 'job-0' }], ['claude history'], ['claude projects']] satisfies Typed[])[(index % 4) - 1] ?? [
    'claude schedule',
    { goal: 'tidy the docs', project: 'api', when: 'tomorrow at 9am', name: `job-${index}` },
  ];
const scheduled = (perSecond * seconds) / 4;

/** How long Discord waits for each first response. The app is a process of its own, and Discord is this one. */
async function acknowledge(isContended: boolean): Promise<Acks> {
  const discord = await startDiscordServer({ limits: strictLimits });
  const people = Array.from({ length: 50 }, (_, index) => discord.addPerson(`person-${index}`));
  const channels = Array.from({ length: 10 }, (_, index) => discord.addChannel(`channel-${index}`));
  const type = (index: number) => {
    const person = people[index % people.length];
    if (person === undefined) throw new Error('There is nobody to type');
    const [words, options] = commands(index);
    return person.command(words, options, channels[index % channels.length]);
  };
  const sections = { discord: { restUrl: discord.restUrl }, access: { admins: ['discord:*'] } };
  try {
    return await withBot({ ...idleBot, sections, tokens: { DISCORD_TOKEN: discord.token } }, async ({ store }) => {
      await discord.until(() => discord.world.commands.get('global')?.length === 1, 'the command', 30_000);
      const work = () => flood(perSecond, seconds, type);
      const { result: acts, share } = isContended
        ? await whileContended(store, work)
        : { result: await work(), share: 0 };
      const since = performance.now();
      const wrong = (): number =>
        Math.abs(scheduled - countJobs(store)) + acts.filter(({ interaction }) => interaction.isPending).length;
      while (wrong() > 0 && performance.now() - since < carriedOutWithinMs) await pause(100);
      return {
        tookMs: acts.map(({ tookMs }) => tookMs),
        failed: acts.filter(({ kind }) => kind === 'failed').length,
        share,
        behindMs: performance.now() - since,
        wrong: wrong(),
      };
    });
  } finally {
    await discord.close();
  }
}

/** What people see of a busy host: how long an interaction has no response. */
export async function benchDiscordAck(): Promise<void> {
  const alone = await acknowledge(false);
  const contended = await acknowledge(true);
  printFigures(
    `Discord: first responses, ${perSecond} interactions/s for ${seconds} s`,
    ackFigures(alone, contended, 2_500),
  );
}
