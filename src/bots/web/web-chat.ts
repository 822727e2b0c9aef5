import { UserError } from '../../model/user-error.ts';
import type { Chat, ChatHandlers } from '../chat.ts';
import { createIncoming, type Incoming } from './incoming.ts';
import { createOutgoing } from './outgoing.ts';
import type { WebChange } from './web-change.ts';
import { webChannelName, webChannelsOf } from './web-channel.ts';
import type { WebFile, WebMessage, WebMessageStore, WebPage } from './web-messages.ts';

/** The platform of our own: a chat whose people come over HTTP. */
export interface WebChat extends Chat, Incoming {
  readonly platform: 'web';
  /** What stands in front of a command: `/claude`. */
  readonly commandName: string;
  /** The configured channels, and those that have messages. */
  channels(): { id: string; name: string; lastMessage: number | null }[];
  find(message: number): WebMessage | undefined;
  channelMessages(channel: string, page: WebPage): WebMessage[];
  /** The messages in the thread of `message`, without that one. */
  threadMessages(message: number, page: WebPage): WebMessage[];
  /** A file that `person` may read. */
  findFile(id: number, person: string): WebFile | undefined;
  /** Returns what ends the listening. */
  onChange(listener: (change: WebChange) => void): () => void;
}

export interface WebChatOptions {
  messages: WebMessageStore;
  /** The configured channels now; those of other platforms are passed over. Without any there is `web:general`. */
  channels: () => string[];
  /** What stands in front of a command; `/claude` unless it is given. */
  commandName?: string | undefined;
  now: () => Date;
}

export function createWebChat({ messages, channels, commandName = '/claude', now }: WebChatOptions): WebChat {
  const listChannels = (): { id: string; name: string; lastMessage: number | null }[] => {
    const used = new Map(messages.listChannels().map(({ channel, lastMessage }) => [channel, lastMessage]));
    const ids = [...new Set([...webChannelsOf(channels()), ...used.keys()])];
    return ids.map((id) => ({ id, name: webChannelName(id), lastMessage: used.get(id) ?? null }));
  };
  const listeners = new Set<(change: WebChange) => void>();
  let handlers: ChatHandlers | undefined;
  const edges = {
    messages,
    now,
    emit(kind: WebChange['kind'], message: number) {
      for (const listener of listeners) listener({ kind, message });
    },
    commandName,
    demandChannel(channel: string) {
      const ids = listChannels().map(({ id }) => id);
      if (ids.includes(channel)) return;
      throw new UserError(
        `There is no channel \`${channel}\`. There are: ${ids.join(', ')}. \`channels\` in nightdesk.yaml makes more.`,
      );
    },
    handlers() {
      if (handlers === undefined) throw new Error('The web chat is not started');
      return handlers;
    },
  };
  return {
    platform: 'web',
    // Nobody limits our own page; this only keeps a busy run from writing more than eyes can follow.
    editIntervalMs: 250,
    commandName,
    start: async (given) => {
      handlers = given;
    },
    stop: async () => {
      handlers = undefined;
      listeners.clear();
    },
    ...createOutgoing(edges),
    ...createIncoming(edges),
    channels: listChannels,
    find: (id) => messages.find(id),
    channelMessages: (channel, page) => messages.listChannel(channel, page),
    threadMessages: (id, page) => messages.listThread(id, page),
    findFile(id, person) {
      const file = messages.findFile(id);
      return file === undefined || (file.reader !== null && file.reader !== person) ? undefined : file;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
