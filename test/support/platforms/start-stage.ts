import { expect, vi } from 'vitest';

import type { Chat } from '../../../src/bots/chat.ts';
import type { Access } from '../../../src/model/access.ts';
import { startDesk, testProject, type DeskFixture } from '../desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../fake-runner.ts';
import { cast, type Name, type Nature, type Person, type Seen, type Stage, type StageOptions } from './platform.ts';

/** Where people reach the page; with a domain, since Discord takes no other address as a card's. */
export const pageUrl = 'https://desk.example.org';

/** The time of the platform and of its adapter: it flows, and goes along where the story moves the desk's clock. */
export interface StageTime {
  now(): Date;
  /** How far the story has moved it. */
  movedMs(): number;
}

export const createStageTime = (): StageTime => {
  const time: StageTime = { now: () => new Date(Date.now() + time.movedMs()), movedMs: () => 0 };
  return time;
};

/** What a platform gives for its stage. */
export interface StageParts {
  time: StageTime;
  nature: Nature;
  people: Record<Name, Person>;
  access: Access;
  channel: string;
  addChannel: Stage['addChannel'];
  /** The adapter, anew for each start. */
  createChat?: (settings: DeskFixture['settings'], onFault: (error: unknown) => string) => Chat;
  /** Called behind each start of the desk; resolves when what people do is heard. */
  connected(desk: DeskFixture, runner: FakeRunner): Promise<void>;
  /** Called behind each end of the adapter. */
  disconnected?: () => Promise<void>;
  seen(channel: string): Seen[];
  thread(of: Seen): Seen[];
  redeliver: Stage['redeliver'];
  limit: Stage['limit'];
  breakChannel: Stage['breakChannel'];
  mendChannel: Stage['mendChannel'];
  /** What was done against the platform's rules. */
  violations(): unknown[];
  close(): Promise<void>;
}

/** The access that all stories have: see `cast`. */
export const castAccess = (
  people: Record<Name, { reference: string }>,
  { group, everybody }: { group: string; everybody: string },
): Access => ({
  admins: [people.ada.reference],
  projects: {
    '*': { viewers: [everybody], members: [], maintainers: [] },
    api: { viewers: [], members: [people.ben.reference, group], maintainers: [] },
  },
});

/** Longer than the pause between two edits of a message, and than a reaction can be taken back. */
const turnMs = 6_000;

/** The real desk and store behind a platform; the page's chat beside it, as always. */
export async function startStage(parts: StageParts, options: StageOptions): Promise<Stage> {
  const { people, nature } = parts;
  let running: { desk: DeskFixture; runner: FakeRunner; chat: Chat | undefined };
  const faults: unknown[] = [];

  async function begin(from: Date, directory?: string): Promise<void> {
    const runner = createFakeRunner();
    const settings = {
      access: parts.access,
      concurrency: 200,
      ...options.settings,
    };
    const chat = parts.createChat?.(
      { ...(settings as DeskFixture['settings']), commandName: '/claude' },
      (error) => `f-${faults.push(error)}`,
    );
    const desk = await startDesk({
      runner: options.runner ?? runner,
      start: from,
      projects: options.projects ?? [testProject(), testProject({ name: 'site' })],
      settings,
      chats: chat === undefined ? [] : [chat],
      ...(directory === undefined ? {} : { directory }),
    });
    running = { desk, runner, chat };
    const movedBefore = parts.time.movedMs();
    parts.time.movedMs = () => movedBefore + desk.clock.now().getTime() - from.getTime();
    await chat?.start(desk.desk.handlers);
    await parts.connected(desk, runner);
  }

  async function end(keep: boolean): Promise<void> {
    await running.chat?.stop();
    await parts.disconnected?.();
    await running.desk.stop({ keep });
  }

  async function settle(): Promise<void> {
    const { desk } = running;
    // Commands are taken one behind the other: what was done before this one is carried out.
    await (await people.ada.command('projects')).answer();
    await desk.desk.delivered();
    desk.clock.advance(turnMs);
    await desk.desk.delivered();
    desk.clock.advance(turnMs);
    await desk.desk.delivered();
  }

  async function until<Found>(what: string, find: () => Found | undefined | null | false): Promise<Found> {
    try {
      return (await vi.waitUntil(() => find() || undefined, { timeout: 10_000, interval: 5 })) as Found;
    } catch (error) {
      const shown = parts.seen(parts.channel).map(({ text }) => text);
      const known = [...running.desk.faults, ...faults].map(String).join('\n');
      const message = `waited in vain for ${what}; the channel shows:\n${shown.join('\n---\n')}\nfaults: ${known}`;
      throw new Error(message, { cause: error });
    }
  }

  await begin(new Date());
  return {
    ...people,
    nature,
    get desk() {
      return running.desk;
    },
    get runner() {
      return running.runner;
    },
    channel: parts.channel,
    addChannel: parts.addChannel,
    seen: (channel = parts.channel) => parts.seen(channel),
    thread: parts.thread,
    message: (text, channel = parts.channel) =>
      until(`a message with ${String(text)}`, () =>
        parts
          .seen(channel)
          .find((message) => (typeof text === 'string' ? message.text.includes(text) : text.test(message.text))),
      ),
    until,
    settle,
    async restart() {
      const { clock, directory } = running.desk;
      await end(true);
      await begin(clock.now(), directory);
    },
    redeliver: parts.redeliver,
    limit: parts.limit,
    breakChannel: parts.breakChannel,
    mendChannel: parts.mendChannel,
    async stop() {
      await end(false);
      await parts.close();
      expect(parts.violations()).toEqual([]);
    },
  };
}

/** One of each for everybody. */
export const forCast = <T>(make: (name: Name) => T): Record<Name, T> =>
  Object.fromEntries(cast.map((name) => [name, make(name)])) as Record<Name, T>;
