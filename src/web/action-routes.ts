import { Hono } from 'hono';
import * as z from 'zod';

import { parseWebChannel } from '../bots/web/web-channel.ts';
import type { WebChat } from '../bots/web/web-chat.ts';
import { actionSchema, type Action, type Message } from '../model/message.ts';
import { renderAnswerJson } from './answer-json.ts';
import type { AppEnv } from './app-env.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { readBody, readQuery } from './read-body.ts';
import type { WebDesk } from './web-desk.ts';

const clickBody = actionSchema
  .extend({ target: z.string().min(1).max(100), channel: z.string(), note: z.string().max(10_000).default('') })
  .strict();
const messagesQuery = z.strictObject({
  messages: z.string().regex(/^\d{1,15}(,\d{1,15}){0,199}$/, 'must be up to 200 ids of messages: 12,15'),
});

export interface ActionRoutesOptions {
  chat: WebChat;
  desk: WebDesk;
  /** IANA zone for the instants in `text` fields. */
  zone: string;
}

/** The buttons of messages: which of them the asker may use, and what a click on one does. */
export function createActionRoutes({ chat, desk, zone }: ActionRoutesOptions) {
  return new Hono<AppEnv>()
    .get('/channels/:id/actions', (c) => {
      const channel = parseWebChannel(c.req.param('id'));
      const person = c.get('person');
      const messages = readQuery(c, messagesQuery).messages.split(',').map(Number);
      return c.json({
        messages: messages.map((id) => {
          const message = chat.find(id);
          const offered = message?.channel === channel ? actionsIn(message.message) : [];
          return { id, actions: desk.allowedActions({ person }, offered) };
        }),
      });
    })
    .post('/actions', async (c) => {
      const { channel, note, kind, target } = await readBody(c, clickBody);
      const key = idempotencyKey(c);
      const click = { action: { kind, target }, note, channel: parseWebChannel(channel), key };
      return c.json(renderAnswerJson(await chat.act({ ...click, person: c.get('person') }), zone));
    });
}

const actionsIn = (message: Message): Action[] =>
  message.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
