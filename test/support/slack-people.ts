import pino from 'pino';

import type { Actor, ChatHandlers, Member, OpenForm, OutgoingMessage, Reply } from '../../src/bots/chat.ts';
import { createAnswers } from '../../src/bots/slack/answer.ts';
import { createIncoming } from '../../src/bots/slack/incoming.ts';
import type { SlackTransport } from '../../src/bots/slack/connect.ts';
import { emptyForm } from '../../src/model/job-form.ts';
import { line } from '../../src/model/message.ts';
import { createClient } from './slack-server/bolt-app.ts';
import { startSlackServer, type SlackServer } from './slack-server/start-slack-server.ts';
import { usualPolicyFields } from './usual-policies.ts';

/** What the desk was handed, in its order. */
export interface Handed {
  what: keyof ChatHandlers;
  given: unknown[];
  actor: Actor;
}

export interface SlackPeopleOptions {
  /** What the desk answers; the rest is answered with `done`. */
  handlers?: Partial<ChatHandlers>;
  members?: (person: string) => Promise<Member | undefined>;
  /** What posting into a channel does; what is posted is kept. */
  post?: (message: OutgoingMessage) => Promise<void>;
  transport?: (slack: SlackServer) => SlackTransport;
  /** False where the test does not wait for two sockets. */
  isConnected?: boolean;
  /** False where the test starts it with `handlers` itself. */
  isStarted?: boolean;
  log?: (line: string) => void;
  now?: () => Date;
}

export const aForm = (change: Partial<OpenForm> = {}): OpenForm => ({
  target: null,
  draft: null,
  fields: { ...emptyForm },
  base: { ...emptyForm },
  usual: { zone: 'UTC', timeout: '2h', retries: '2', budget: '', model: '', notify: 'failure', ...usualPolicyFields },
  faults: [],
  projects: ['api', 'site'],
  ...change,
});

const done = async (): Promise<Reply> => ({ message: [line('done')] });

/** The real way in from Slack, with two people in a channel and a desk of the test's own. */
export async function startSlackPeople(options: SlackPeopleOptions = {}) {
  const slack = await startSlackServer();
  const [ada, bob] = [slack.addUser('ada'), slack.addUser('bob', { tz: 'Asia/Tokyo' })];
  const channel = slack.addChannel('night', { members: [ada, bob] });
  const handed: Handed[] = [];
  const handlers: ChatHandlers = {
    onText: done,
    onForm: done,
    onCommand: done,
    onMention: done,
    onReaction: async () => {},
    openForm: async () => ({ form: aForm() }),
    previewWhen: async () => ({ ok: true, sentence: 'daily at 02:00', zone: 'UTC', instants: [] }),
    suggest: async () => [],
    ...options.handlers,
  };
  const recorded = Object.fromEntries(
    Object.entries(handlers).map(([what, handle]) => [
      what,
      async (...given: unknown[]) => {
        handed.push({ what: what as Handed['what'], given: given.slice(0, -1), actor: given.at(-1) as Actor });
        slack.world.signal.touch();
        return (handle as (...given: unknown[]) => Promise<unknown>)(...given);
      },
    ]),
  ) as unknown as ChatHandlers;
  const web = createClient(slack);
  const faults: unknown[] = [];
  const posted: OutgoingMessage[] = [];
  const post = async (message: OutgoingMessage): Promise<string> => {
    posted.push(message);
    slack.world.signal.touch();
    await options.post?.(message);
    return 'C1:1.1';
  };
  const pageUrl = (): string => 'http://127.0.0.1:7433';
  const now = options.now ?? ((): Date => new Date());
  const onFault = (error: unknown): string => `f-${faults.push(error)}`;
  const incoming = createIncoming({
    transport: options.transport?.(slack) ?? { mode: 'socket', appToken: slack.appToken },
    botToken: slack.botToken,
    apiUrl: slack.apiUrl,
    web,
    members: { of: options.members ?? (async () => ({ isGone: false, groups: [], zone: 'Europe/Berlin' })) },
    answers: createAnswers({ post, pageUrl, now, onFault }),
    post,
    pageUrl,
    now,
    onFault,
    log: pino({ level: 'debug' }, { write: (text: string) => options.log?.(text) }),
  });
  if (options.isStarted ?? true) incoming.start(recorded);
  if (options.isConnected ?? true) await slack.connected(2);
  return {
    slack,
    ada,
    bob,
    channel,
    handed,
    posted,
    faults,
    incoming,
    handlers: recorded,
    /** What the desk was asked by this handler. */
    asked: (what: Handed['what']) => handed.filter((one) => one.what === what),
    async stop() {
      await incoming.stop();
      await slack.close();
    },
  };
}

export type SlackPeople = Awaited<ReturnType<typeof startSlackPeople>>;
