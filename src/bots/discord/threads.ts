import {
  RESTJSONErrorCodes as codes,
  Routes,
  ThreadAutoArchiveDuration,
  type APIEmbed,
  type APIMessage,
  type APIThreadChannel,
} from 'discord.js';

import { isApiError } from './api-error.ts';
import { BoundedMap } from './bounded-map.ts';
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
  remember(parent: MessagePlace, card: APIEmbed): void;
}

/** Threads of messages. Each is made when there is something to say in it. */
export function createThreads(api: DiscordApi): Threads {
  const known = new BoundedMap<string, string>(remembered);
  const names = new BoundedMap<string, string>(remembered);

  async function open({ channel, message }: MessagePlace): Promise<string> {
    const there = known.get(message);
    if (there !== undefined) return there;
    const name =
      names.get(message) ?? nameOf((await api.get<APIMessage>(Routes.channelMessage(channel, message))).embeds[0]);
    // A day, so that the threads of many nights don't fill the channel's list. A post or a click brings one back.
    const body = { name, auto_archive_duration: ThreadAutoArchiveDuration.OneDay };
    let id = message;
    try {
      id = (await api.post<APIThreadChannel>(Routes.threads(channel, message), body)).id;
    } catch (error) {
      // It was made before a restart, or by somebody else: it has the message's id.
      if (!isApiError(error, codes.ThreadAlreadyCreatedForMessage)) throw error;
    }
    known.set(message, id);
    return id;
  }

  return {
    open,
    async wake(thread) {
      await api.patch(Routes.channel(thread), { archived: false });
    },
    remember: ({ message }, card) => void names.set(message, nameOf(card)),
  };
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
