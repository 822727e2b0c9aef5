import {
  RESTJSONErrorCodes as codes,
  Routes,
  ThreadAutoArchiveDuration,
  type APIEmbed,
  type APIMessage,
  type APIThreadChannel,
} from 'discord.js';

import { isApiError } from './api-error.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { DiscordApi } from './discord-api.ts';
import type { MessagePlace } from './message-ref.ts';

const remembered = 1_000;
const maxNameLength = 100;

export interface Threads {
  /** The thread of a message, made where there is none. Resolves to its channel. */
  open(parent: MessagePlace): Promise<string>;
  /** Brings a thread back that Discord has archived. */
  wake(thread: string): Promise<void>;
  /** What a message shows now: a thread that is made of it later has its name. */
  remember(parent: MessagePlace, cards: APIEmbed[] | undefined): void;
}

/** Threads of messages. Each is made when there is something to say in it. */
export function createThreads(api: DiscordApi): Threads {
  const known = new BoundedMap<string, string>(remembered);
  const names = new BoundedMap<string, string>(remembered);

  async function open(parent: MessagePlace): Promise<string> {
    const there = known.get(parent.message);
    if (there !== undefined) return there;
    const name = names.get(parent.message);
    const id = name === undefined ? await findOrMake(api, parent) : await make(api, parent, name);
    known.set(parent.message, id);
    return id;
  }

  return {
    open,
    async wake(thread) {
      await api.patch(Routes.channel(thread), { archived: false });
    },
    remember: ({ message }, cards) => void names.set(message, nameOf(cards?.[0])),
  };
}

/** The thread of a message of which nothing is known, as after a restart. */
async function findOrMake(api: DiscordApi, { channel, message }: MessagePlace): Promise<string> {
  try {
    const parent = await api.get<APIMessage>(Routes.channelMessage(channel, message));
    return parent.thread?.id ?? (await make(api, { channel, message }, nameOf(parent.embeds[0])));
  } catch (error) {
    // A thread outlives its message, and one that somebody made has none.
    if (!isApiError(error, codes.UnknownMessage) || !(await isThere(api, message))) throw error;
    return message;
  }
}

async function isThere(api: DiscordApi, thread: string): Promise<boolean> {
  try {
    await api.get<APIThreadChannel>(Routes.channel(thread));
    return true;
  } catch (error) {
    if (isApiError(error, codes.UnknownChannel)) return false;
    throw error;
  }
}

async function make(api: DiscordApi, { channel, message }: MessagePlace, name: string): Promise<string> {
  // A day, so that the threads of many nights don't fill the channel's list. A post or a click brings one back.
  const body = { name, auto_archive_duration: ThreadAutoArchiveDuration.OneDay };
  try {
    return (await api.post<APIThreadChannel>(Routes.threads(channel, message), body)).id;
  } catch (error) {
    // It was made before, by a try whose answer was lost or by somebody else: it has the message's id.
    if (!isApiError(error, codes.ThreadAlreadyCreatedForMessage)) throw error;
    return message;
  }
}

/** `⏳ upgrade-deps r142` → `upgrade-deps r142`. */
function nameOf(card: APIEmbed | undefined): string {
  const text = card?.title ?? card?.description?.split('\n')[0] ?? '';
  const plain = text
    .replace(/^[\s\p{Extended_Pictographic}\ufe0f]+/u, '')
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\\([^\w\s])/g, '$1')
    .trim();
  return plain.slice(0, maxNameLength).trim() || 'nightdesk';
}
