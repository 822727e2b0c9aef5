import type { Interactions } from './interaction.ts';
import type { Json } from './rules/read-json.ts';
import { createSnowflakes } from './snowflake.ts';

export interface User {
  id: string;
  username: string;
  global_name: string | null;
  bot: boolean;
}

export interface Role {
  id: string;
  name: string;
  permissions: bigint;
  position: number;
  /** A bot's own role, which nobody else can have. */
  managed: boolean;
}

export interface Member {
  user: User;
  nick: string | null;
  roles: string[];
  joined_at: string;
  /** Has not agreed to the server's rules yet. */
  pending?: boolean;
}

export interface Guild {
  id: string;
  name: string;
  ownerId: string;
  /** The role with the guild's own id is @everyone. */
  roles: Map<string, Role>;
  members: Map<string, Member>;
}

export interface Overwrite {
  id: string;
  /** 0 is a role, 1 a member. */
  type: 0 | 1;
  allow: bigint;
  deny: bigint;
}

export interface ThreadState {
  archived: boolean;
  locked: boolean;
  auto_archive_duration: number;
  archive_timestamp: string;
}

export interface Channel {
  id: string;
  /** 0 a text channel, 1 direct messages, 2 voice, 5 announcements, 10–12 threads, 13 a stage, 15 a forum, 16 media. */
  type: number;
  guildId?: string | undefined;
  name: string | null;
  parentId?: string | undefined;
  overwrites: Overwrite[];
  ownerId?: string | undefined;
  thread?: ThreadState;
  /** Whose direct messages these are. */
  recipientId?: string;
  /** Oldest first. */
  messages: Map<string, Message>;
}

export interface Attachment {
  id: string;
  filename: string;
  size: number;
  url: string;
  proxy_url: string;
  content_type?: string;
  description?: string;
  ephemeral?: boolean;
}

export interface Message {
  id: string;
  channel_id: string;
  type: number;
  author: User;
  content: string;
  embeds: Json[];
  components: Json[];
  attachments: Attachment[];
  timestamp: string;
  edited_timestamp: string | null;
  flags: number;
  nonce?: string | number | undefined;
  tts: boolean;
  /** As the request gave it, for tests. */
  allowedMentions?: Json | undefined;
  /** Who gets a ping: ids of users and roles, and `everyone`. */
  pinged: string[];
  message_reference?: Json | undefined;
  webhook_id?: string | undefined;
  interaction_metadata?: Json | undefined;
  /** Who reacted, by emoji: `🔁`, or `name:id`. */
  reactions: Map<string, Set<string>>;
  /** The thread that was made from it has its id. */
  hasThread: boolean;
}

export interface Command extends Json {
  id: string;
  version: string;
  name: string;
}

/** What the gateway tells sessions that asked for it. */
export interface Dispatch {
  name: string;
  guildId?: string | undefined;
  /** Where it happened: told only to who sees the channel. */
  channel?: Channel;
  /** A bit; an event without one is sent to everybody. */
  intent?: number;
  /** What a session with these intents is shown. */
  data: (intents: number) => unknown;
}

export interface World {
  now: () => number;
  newId: () => string;
  /** Where the server listens: `http://127.0.0.1:1234`. */
  url: string;
  token: string;
  application: { id: string; name: string; flags: number; interactions_endpoint_url: string | null };
  bot: User;
  users: Map<string, User>;
  /** Who doesn't take direct messages. */
  closedDms: Set<string>;
  guilds: Map<string, Guild>;
  /** Channels, threads and direct messages. */
  channels: Map<string, Channel>;
  /** By `global` or the guild's id. */
  commands: Map<string, Command[]>;
  /** By token. */
  interactions: Interactions;
  /** By the attachment's id. */
  files: Map<string, Buffer>;
  /** Messages that can be named by a nonce: by author and nonce. */
  nonces: Map<string, { message: Message; at: number }>;
  tell: (event: Dispatch) => void;
}

export function createWorld(now: () => number, token: string): World {
  const newId = createSnowflakes(now);
  const bot = { id: newId(), username: 'nightdesk', global_name: null, bot: true };
  return {
    now,
    newId,
    url: '',
    token,
    // A bot's application has the bot's id, since 2016.
    application: { id: bot.id, name: 'nightdesk', flags: 0, interactions_endpoint_url: null },
    bot,
    users: new Map([[bot.id, bot]]),
    closedDms: new Set(),
    guilds: new Map(),
    channels: new Map(),
    commands: new Map([['global', []]]),
    interactions: new Map(),
    files: new Map(),
    nonces: new Map(),
    tell: () => {},
  };
}
