import type { Logger } from 'pino';

import type { Chat, ChatHandlers } from '../chat.ts';
import { renderAnswer } from './answer.ts';
import { connectDiscord } from './connect.ts';
import { createRest } from './create-rest.ts';
import { defineCommand } from './define-command.ts';
import { createDiscordApi } from './discord-api.ts';
import { handOnPauses } from './hand-on-pauses.ts';
import { createIncoming } from './incoming.ts';
import { keepRegistered } from './keep-registered.ts';
import { makeRequest } from './make-request.ts';
import { createMembers } from './members.ts';
import { createOutgoing } from './outgoing.ts';
import { createRespond } from './respond.ts';
import { postAnswer } from '../post-answer.ts';

export interface DiscordChatOptions {
  token: string;
  /** Where the API is, without its version: `https://discord.com/api`. The gateway's address comes from it. */
  restUrl: string;
  /** The one server that the bot is for; without it every server that it is in. */
  guild?: string | undefined;
  /** `/claude` */
  commandName: string;
  /** Where people reach nightdesk's page; undefined where there is none. */
  pageUrl: () => string | undefined;
  now: () => Date;
  /** Logs a fault and returns the reference that a person can be shown. */
  onFault: (error: unknown, where: string) => unknown;
  log: Logger;
}

/** Answers may have files. */
const uploadTimeoutMs = 120_000;
/** What takes longer is told by direct message, or tried again. */
const maxAnswerWaitMs = 60_000;
const stopWithinMs = 5_000;

/** Discord as a chat: commands, buttons and reactions come in over its gateway, messages go out over its HTTP API. */
export function createDiscordChat(options: DiscordChatOptions): Chat {
  const { token, restUrl, guild, commandName, pageUrl, now, log } = options;
  const onFault = (error: unknown, where: string): void => void options.onFault(error, where);
  const api = createDiscordApi({ token, restUrl, log });
  // Answers have a client of their own: they never wait behind what is posted, and don't count for its limits.
  const rejectOnRateLimit = handOnPauses({ maxWaitMs: maxAnswerWaitMs, log });
  const client = { api: restUrl, retries: 1, timeout: uploadTimeoutMs, makeRequest, rejectOnRateLimit };
  const rest = createRest(client).setToken(token);
  const outgoing = createOutgoing({ api, pageUrl, now, onFault });
  const members = createMembers({ api, guild, now, onFault });
  let handlers: ChatHandlers | undefined;

  const respond = createRespond({
    rest,
    renderAnswer: (reply) => renderAnswer(reply, { pageUrl, isPrivate: true }),
    tell: (person, reply, key) =>
      postAnswer(outgoing.post, {
        key,
        channel: person.replace(':', ':@'),
        thread: undefined,
        reply,
        writtenAt: now(),
      }),
    now,
  });
  const incoming = createIncoming({
    handlers() {
      if (handlers === undefined) throw new Error('The Discord chat is not started');
      return handlers;
    },
    respond,
    api,
    members,
    guild,
    commandName,
    post: outgoing.post,
    now,
    onFault,
  });
  const registration = keepRegistered({ rest, guild, command: defineCommand(commandName), log });
  const connection = connectDiscord({
    token,
    restUrl,
    rest,
    now,
    log,
    onReady({ user, application, guilds }) {
      incoming.setSelf(user.id);
      registration.check(
        application.id,
        guilds.map(({ id }) => id),
      );
    },
    onEvent: incoming.take,
  });

  return {
    platform: 'discord',
    async start(given) {
      handlers = given;
      connection.start();
    },
    isConnected: connection.isUp,
    async stop() {
      registration.stop();
      await connection.stop();
      await Promise.race([incoming.idle(), new Promise((resolve) => setTimeout(resolve, stopWithinMs).unref())]);
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      api.stop();
    },
    post: outgoing.post,
    edit: outgoing.edit,
    identify: members.identify,
  };
}
