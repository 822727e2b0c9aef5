import { apiFault } from './api-fault.ts';
import type { Upload } from './read-body.ts';
import { isJson, type Json } from './rules/read-json.ts';
import type { Channel, Guild, Message, World } from './world.ts';

/** A request that was read and may be answered. */
export interface Call {
  world: World;
  /** `:channel` → the id in the path. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The whole body; most are maps, a PUT of commands is a list. */
  json: unknown;
  body: Json;
  uploads: Upload[];
}

export interface Answer {
  status: number;
  body?: unknown;
}

export interface Route {
  method: string;
  /** `/channels/:channel/messages` */
  path: string;
  /** Interactions and webhooks have a token in their path instead of the bot's. */
  isOpen?: boolean;
  handle: (call: Call) => Answer | Promise<Answer>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const noContent: Answer = { status: 204 };

/** The channel of the path that the bot can know of: in direct messages, or in a guild that it is in. */
export function channelOf({ world, params }: Call): Channel {
  const channel = world.channels.get(params['channel'] ?? '');
  if (!channel) throw apiFault('unknownChannel');
  const { guildId } = channel;
  if (guildId !== undefined && !world.guilds.get(guildId)?.members.has(world.bot.id)) throw apiFault('missingAccess');
  return channel;
}

export function messageOf(call: Call): Message {
  const message = channelOf(call).messages.get(call.params['message'] ?? '');
  if (!message) throw apiFault('unknownMessage');
  return message;
}

/** A guild that the bot is not in is unknown to it. */
export function guildOf({ world, params }: Call): Guild {
  const guild = world.guilds.get(params['guild'] ?? '');
  if (!guild?.members.has(world.bot.id)) throw apiFault('unknownGuild');
  return guild;
}

export const asJson = (value: unknown): Json => (isJson(value) ? value : {});
