import { randomBytes } from 'node:crypto';

import { createSignal, type Signal } from './signal.ts';
import type {
  EphemeralMessage,
  SlackChannel,
  SlackFile,
  SlackGroup,
  SlackMessage,
  SlackUser,
  SlackView,
} from './slack-types.ts';

export interface Trigger {
  user: string;
  act: string;
  expiresAt: number;
  isUsed: boolean;
}

export interface ResponseUrl {
  act: string;
  user: string;
  channel: string;
  thread_ts?: string | undefined;
  /** The message that the pressed button is on: `replace_original` and `delete_original` mean it. */
  source?: SlackMessage | EphemeralMessage | undefined;
  expiresAt: number;
  uses: number;
}

/** Everything that the workspace remembers. */
export interface World {
  team: string;
  bot: { user: string; id: string; app: string; name: string };
  now(): Date;
  users: Map<string, SlackUser>;
  groups: Map<string, SlackGroup>;
  channels: Map<string, SlackChannel>;
  messages: SlackMessage[];
  ephemeral: EphemeralMessage[];
  files: Map<string, SlackFile>;
  views: Map<string, SlackView>;
  triggers: Map<string, Trigger>;
  responseUrls: Map<string, ResponseUrl>;
  /** What the app did against Slack's rules, in words. A test that ends well has none. */
  violations: string[];
  signal: Signal;
  id(prefix: string): string;
  /** A message's time: unique, and never before an earlier one's. */
  nextTs(): string;
}

export function createWorld(now: () => Date): World {
  let counter = 0;
  let lastMicros = 0n;
  const bot = { user: 'U0NIGHTDESK', id: 'B0NIGHTDESK', app: 'A0NIGHTDESK', name: 'nightdesk' };
  const team = 'T0HOME';
  const world: World = {
    team,
    bot,
    now,
    users: new Map(),
    groups: new Map(),
    channels: new Map(),
    messages: [],
    ephemeral: [],
    files: new Map(),
    views: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    violations: [],
    signal: createSignal(),
    id: (prefix) => {
      counter += 1;
      return `${prefix}${String(counter).padStart(4, '0')}${randomBytes(3).toString('hex').toUpperCase()}`;
    },
    nextTs: () => {
      const micros = BigInt(now().getTime()) * 1000n;
      lastMicros = micros > lastMicros ? micros : lastMicros + 1n;
      return `${lastMicros / 1_000_000n}.${String(lastMicros % 1_000_000n).padStart(6, '0')}`;
    },
  };
  world.users.set(bot.user, {
    id: bot.user,
    name: bot.name,
    team,
    tz: 'Etc/UTC',
    deleted: false,
    is_bot: true,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
  });
  return world;
}
