import { RESTJSONErrorCodes as codes, Routes, type APIDMChannel, type APIUser } from 'discord.js';

import { controlsIn, type Message } from '../../model/message.ts';
import { ChatRefusal } from '../chat-refusal.ts';
import type { Chat, OutgoingMessage } from '../chat.ts';
import { isApiError, toChatError, type DiscordPlace } from './api-error.ts';
import { BoundedMap } from './bounded-map.ts';
import { composeEdit, composeFallback, composePost, toBody } from './compose.ts';
import type { DiscordApi } from './discord-api.ts';
import { createKeepControls } from './keep-controls.ts';
import type { RenderOptions } from './markdown.ts';
import { messageRef, parseMessageRef, type MessagePlace } from './message-ref.ts';
import { sendParts } from './send-parts.ts';
import { createThreads } from './threads.ts';

export interface OutgoingOptions extends RenderOptions {
  api: DiscordApi;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

/** The way out: what the bot posts and edits. */
export interface Outgoing extends Pick<Chat, 'post' | 'edit'> {
  /** Resolves when the bot's reactions are as they should be. */
  idle(): Promise<void>;
}

const rememberedPeople = 500;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { api, onFault } = options;
  const threads = createThreads(api);
  const controls = createKeepControls(api, onFault);
  const directChannels = new BoundedMap<string, string>(rememberedPeople);
  let self: Promise<string> | undefined;
  const edges = {
    ...options,
    self: () =>
      (self ??= api.get<APIUser>(Routes.user()).then(
        ({ id }) => id,
        (error: unknown) => {
          self = undefined;
          throw error;
        },
      )),
  };

  async function post(outgoing: OutgoingMessage): Promise<string> {
    const place = placeOf(outgoing);
    try {
      const channel = await openChannel(outgoing);
      const parts = await composePost(outgoing, options);
      const send = (): Promise<string | undefined> => sendParts(edges, { channel, parts, outgoing });
      const message = await send().catch(async (error: unknown) => {
        if (place.kind !== 'thread' || !isApiError(error, codes.InvalidActionOnArchivedThread)) throw error;
        await wake(channel);
        return await send();
      });
      if (message === undefined) throw new ChatRefusal('There is nothing to show');
      if (outgoing.thread === undefined) remember({ channel, message }, outgoing.message, true);
      return messageRef({ channel, message });
    } catch (error) {
      throw toChatError(error, place);
    }
  }

  /** A thread that somebody has locked stays asleep. */
  async function wake(channel: string): Promise<void> {
    try {
      await threads.wake(channel);
    } catch (error) {
      if (!isApiError(error, codes.MissingPermissions, codes.MissingAccess)) throw error;
      throw new ChatRefusal(`The thread ${channel} is locked`, { cause: error });
    }
  }

  async function openChannel({ channel, thread }: OutgoingMessage): Promise<string> {
    if (thread !== undefined) return threads.open(getPlace(thread));
    const [, direct, id = ''] = /^discord:(@?)(\d+)$/.exec(channel) ?? [];
    if (direct === undefined) throw new ChatRefusal(`${JSON.stringify(channel)} is no channel of Discord`);
    return direct === '' ? id : openDirect(id);
  }

  async function openDirect(person: string): Promise<string> {
    const known = directChannels.get(person);
    if (known !== undefined) return known;
    const { id } = await api.post<APIDMChannel>(Routes.userChannels(), { recipient_id: person });
    directChannels.set(person, id);
    return id;
  }

  function remember(place: MessagePlace, message: Message, isNew: boolean): void {
    const [card] = composeEdit(message, options).embeds ?? [];
    if (card !== undefined) threads.remember(place, card);
    controls.keep(place, controlsIn(message), isNew);
  }

  async function edit(ref: string, message: Message): Promise<void> {
    const place = getPlace(ref);
    const route = Routes.channelMessage(place.channel, place.message);
    try {
      await api.patch(route, toBody(composeEdit(message, options), undefined)).catch((error: unknown) => {
        if (!isApiError(error, codes.InvalidFormBodyOrContentType)) throw error;
        onFault(error, `the form of ${ref}`);
        return api.patch(route, { ...toBody(composeFallback(message), undefined), embeds: [], components: [] });
      });
    } catch (error) {
      throw toChatError(error, { kind: 'channel', id: place.channel });
    }
    remember(place, message, false);
  }

  return { post, edit, idle: controls.idle };
}

function getPlace(ref: string): MessagePlace {
  const place = parseMessageRef(ref);
  if (place === undefined) throw new ChatRefusal(`Discord has no message ${JSON.stringify(ref)}`);
  return place;
}

function placeOf({ channel, thread }: OutgoingMessage): DiscordPlace {
  if (thread !== undefined) return { kind: 'thread', id: parseMessageRef(thread)?.message ?? thread };
  const id = channel.slice(channel.indexOf(':') + 1);
  return id.startsWith('@') ? { kind: 'person', id: id.slice(1) } : { kind: 'channel', id };
}
