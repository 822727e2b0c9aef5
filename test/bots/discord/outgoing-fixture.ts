import pino from 'pino';
import { afterEach } from 'vitest';

import type { OutgoingMessage } from '../../../src/bots/chat.ts';
import { createDiscordApi, type DiscordApi } from '../../../src/bots/discord/discord-api.ts';
import { createOutgoing, type Outgoing } from '../../../src/bots/discord/outgoing.ts';
import { bold, line, link, type Message } from '../../../src/model/message.ts';
import {
  startDiscordServer,
  type DiscordServer,
  type DiscordServerOptions,
} from '../../support/discord-server/discord-server.ts';

interface Logged {
  msg: string;
  level: number;
}

export interface Desk {
  discord: DiscordServer;
  api: DiscordApi;
  outgoing: Outgoing;
  faults: unknown[];
  logged: Logged[];
  /** Another one, as after a restart: it knows nothing but what was noted. */
  restart(): Outgoing;
}

const open: { discord: DiscordServer; apis: DiscordApi[]; all: Outgoing[] }[] = [];

afterEach(async () => {
  for (const { discord, apis, all } of open.splice(0)) {
    await Promise.all(all.map((outgoing) => outgoing.idle()));
    for (const api of apis) api.stop();
    await discord.close();
  }
});

/** A Discord, and what goes out to it. */
export async function startOutgoing(options: DiscordServerOptions & { pageUrl?: string } = {}): Promise<Desk> {
  const discord = await startDiscordServer(options);
  const faults: unknown[] = [];
  const place: (typeof open)[number] = { discord, apis: [], all: [] };
  open.push(place);
  const now = options.now ?? Date.now;
  const logged: Desk['logged'] = [];
  const log = pino({ level: 'debug' }, { write: (text) => void logged.push(JSON.parse(text) as Logged) });
  const start = (): { api: DiscordApi; outgoing: Outgoing } => {
    const api = createDiscordApi({ token: discord.token, restUrl: discord.restUrl, log });
    const outgoing = createOutgoing({
      api,
      now: () => new Date(now()),
      pageUrl: () => options.pageUrl,
      onFault: (error) => faults.push(error),
    });
    place.apis.push(api);
    place.all.push(outgoing);
    return { api, outgoing };
  };
  return { discord, ...start(), faults, logged, restart: () => start().outgoing };
}

/** A message as the outbox hands it over; `notes` are what it kept. */
export function outgoingOf(
  channel: { id: string } | string,
  message: Message,
  more: Partial<OutgoingMessage> = {},
): OutgoingMessage & { notes: string[] } {
  const notes: string[] = [];
  return {
    key: 'run:1',
    channel: typeof channel === 'string' ? channel : `discord:${channel.id}`,
    message,
    attachments: [],
    writtenAt: new Date(),
    isDoubtful: false,
    note: (text) => notes.push(text),
    notes,
    ...more,
  };
}

/** The same as its next try. */
export const tryAgain = (before: OutgoingMessage & { notes: string[] }, more: Partial<OutgoingMessage> = {}) => ({
  ...before,
  isDoubtful: true,
  noted: before.notes.at(-1) ?? before.noted,
  ...more,
});

export const status = (mark: string, text: string): Message => [
  line(`${mark} `, bold('upgrade-deps'), ' ', link('/runs/r142', 'r142'), ' ', text),
];
