import { RESTJSONErrorCodes as codes, Routes, type APIMessage, type APIUser } from 'discord.js';

import { controlsIn, type Message } from '../../model/message.ts';
import { BoundedMap } from '../bounded-map.ts';
import { ChatRefusal } from '../chat-refusal.ts';
import type { Chat, OutgoingMessage } from '../chat.ts';
import { isApiError, toChatError, type DiscordPlace } from './api-error.ts';
import { composeEdit, composeFallback, composePost, toBody } from './compose.ts';
import { createDirectMessages } from './direct-messages.ts';
import type { DiscordApi } from './discord-api.ts';
import { createKeepControls, type KeepControls } from './keep-controls.ts';
import type { RenderOptions } from './markdown.ts';
import { messageRef, parseMessageRef, type MessagePlace } from './message-ref.ts';
import { mendLeftOut, sendParts, type SendEdges } from './send-parts.ts';
import { createThreads, type Threads } from './threads.ts';

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

interface Edges extends OutgoingOptions, SendEdges {
  threads: Threads;
  controls: KeepControls;
  openDirect: (user: string) => Promise<string>;
}

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { api } = options;
  const onFault = withoutRepeats(options.onFault);
  const edges: Edges = {
    ...options,
    onFault,
    self: createSelf(api),
    threads: createThreads(api),
    controls: createKeepControls(api, onFault),
    openDirect: createDirectMessages(api),
  };
  return {
    async post(outgoing) {
      const place = placeOf(outgoing);
      try {
        return await post(edges, outgoing, place);
      } catch (error) {
        throw toChatError(error, place);
      }
    },
    async edit(ref, message) {
      const place = getPlace(ref);
      try {
        await edit(edges, place, message);
      } catch (error) {
        throw toChatError(error, { kind: 'channel', id: place.channel });
      }
    },
    idle: edges.controls.idle,
  };
}

const remembered = 1_000;
const repeatAfterMs = 60 * 60_000;

/** Each edit of a message meets the same fault again, every few seconds, until somebody allows what is missing. */
function withoutRepeats(onFault: OutgoingOptions['onFault']): OutgoingOptions['onFault'] {
  const said = new BoundedMap<string, number>(remembered);
  return (error, where) => {
    const fault = `${where} ${String(error)}`;
    const atMs = performance.now();
    if (atMs - (said.get(fault) ?? Number.NEGATIVE_INFINITY) < repeatAfterMs) return;
    said.set(fault, atMs);
    onFault(error, where);
  };
}

async function post(edges: Edges, outgoing: OutgoingMessage, place: DiscordPlace): Promise<string> {
  const channel = await openChannel(edges, outgoing);
  const parts = await composePost(outgoing, edges);
  const send = (): Promise<string | undefined> => sendParts(edges, { channel, parts, outgoing });
  const message = await send().catch(async (error: unknown) => {
    if (place.kind !== 'thread' || !isApiError(error, codes.InvalidActionOnArchivedThread)) throw error;
    await wake(edges, channel);
    return await send();
  });
  if (message === undefined) throw new ChatRefusal('There is nothing to show');
  const posted = { channel, message };
  if (outgoing.thread === undefined) {
    edges.threads.remember(posted, composeEdit(outgoing.message, edges).embeds);
    edges.controls.keep(posted, controlsIn(outgoing.message), []);
  }
  return messageRef(posted);
}

async function edit({ api, onFault, ...edges }: Edges, place: MessagePlace, message: Message): Promise<void> {
  const route = Routes.channelMessage(place.channel, place.message);
  const part = composeEdit(message, edges);
  const edited = await api
    .patch<APIMessage>(route, toBody({ content: '', ...part }, undefined))
    .catch((error: unknown) => {
      if (!isApiError(error, codes.InvalidFormBodyOrContentType, codes.CannotSendAnEmptyMessage)) throw error;
      onFault(error, `the form of ${messageRef(place)}`);
      const { content } = composeFallback(message);
      return api.patch<APIMessage>(route, toBody({ content, embeds: [], components: [] }, undefined));
    });
  await mendLeftOut({ api, onFault }, edited, message);
  edges.threads.remember(place, part.embeds);
  edges.controls.keep(place, controlsIn(message), edited.reactions ?? []);
}

/** A thread that somebody has locked stays asleep. */
async function wake({ threads }: Edges, channel: string): Promise<void> {
  try {
    await threads.wake(channel);
  } catch (error) {
    if (!isApiError(error, codes.MissingPermissions, codes.MissingAccess)) throw error;
    throw new ChatRefusal(`The thread ${channel} is locked`, { cause: error });
  }
}

async function openChannel(edges: Edges, { channel, thread }: OutgoingMessage): Promise<string> {
  if (thread !== undefined) return edges.threads.open(getPlace(thread));
  const [, direct, id = ''] = /^discord:(@?)(\d+)$/.exec(channel) ?? [];
  if (direct === undefined) throw new ChatRefusal(`${JSON.stringify(channel)} is no channel of Discord`);
  return direct === '' ? id : edges.openDirect(id);
}

function createSelf(api: DiscordApi): () => Promise<string> {
  let self: string | undefined;
  return async () => (self ??= (await api.get<APIUser>(Routes.user())).id);
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
