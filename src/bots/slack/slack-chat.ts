import type { Logger } from 'pino';

import type { Chat } from '../chat.ts';
import { createAnswers } from './answer.ts';
import { createBoltLog } from './bolt-log.ts';
import type { SlackTransport } from './connect.ts';
import { createIncoming } from './incoming.ts';
import { createMembers } from './members.ts';
import { createOutgoing } from './outgoing.ts';
import { createWebClient } from './web-client.ts';

export interface SlackChatOptions {
  /** `xoxb-…`. */
  botToken: string;
  transport: SlackTransport;
  /** Where the Web API is; ends in a slash: `https://slack.com/api/`. */
  apiUrl: string;
  /** The references of user groups that `access` names now: `slack:S012AB3CD`. */
  groups: () => readonly string[];
  /** Where people reach the page, once it listens. */
  pageUrl: () => string | undefined;
  /** How long a post waits for the one before it in its channel; by default Slack's limit. */
  postIntervalMs?: number | undefined;
  now: () => Date;
  /** Logs a fault and returns its reference. */
  onFault: (error: unknown, where: string) => string;
  log: Logger;
}

/** Slack as a chat. It starts at once, and connects when Slack can be reached. */
export function createSlackChat(options: SlackChatOptions): Chat {
  const { botToken, transport, apiUrl, groups, pageUrl, postIntervalMs, now, onFault, log } = options;
  // What it can't reach is told by who asked it to.
  const web = createWebClient({ token: botToken, apiUrl, logger: createBoltLog(log, { isQuiet: true }) });
  const { post, edit, idle, stop } = createOutgoing({ client: web, pageUrl, postIntervalMs, now, onFault });
  const members = createMembers({ client: web, groups, now, onFault });
  const answers = createAnswers({ post, pageUrl, now, onFault });
  const incoming = createIncoming({
    transport,
    botToken,
    apiUrl,
    web,
    members,
    answers,
    post,
    pageUrl,
    now,
    onFault,
    log,
  });
  return {
    platform: 'slack',
    post,
    edit,
    identify: (person) => members.of(person),
    start: async (handlers) => incoming.start(handlers),
    isConnected: incoming.isConnected,
    async stop() {
      await incoming.stop();
      stop();
      await idle();
    },
  };
}
