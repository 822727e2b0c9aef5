import { Hono, type Context } from 'hono';
import * as z from 'zod';

import { parseWebChannel } from '../bots/web/web-channel.ts';
import type { WebChat } from '../bots/web/web-chat.ts';
import type { WebMessage, WebPage } from '../bots/web/web-messages.ts';
import { actionLabels } from '../model/message.ts';
import { renderAnswerJson } from './answer-json.ts';
import type { AppEnv } from './app-env.ts';
import { sendAttachment } from './attachment-response.ts';
import { HttpProblem } from './http-problem.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { renderMessageJson } from './message-json.ts';
import { readBody, readQuery } from './read-body.ts';
import type { OnFault } from './send-parts.ts';

const commandBody = z.strictObject({ channel: z.string(), text: z.string().trim().min(1).max(100_000) });
const reactionBody = z.strictObject({
  emoji: z.string().regex(/^\p{RGI_Emoji}$/v, 'must be one emoji, such as 🔁'),
});
const pageQuery = z.strictObject({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const downloadQuery = z.strictObject({ download: z.stringbool().default(false) });

export interface ChatRoutesOptions {
  chat: WebChat;
  /** IANA zone for the instants in `text` fields. */
  zone: string;
  onFault: OnFault;
}

/** Commands, messages, reactions and files. */
export function createChatRoutes({ chat, zone, onFault }: ChatRoutesOptions) {
  const render = (message: WebMessage) => renderMessageJson(message, zone);
  const getMessage = (id: string): WebMessage => {
    const found = /^\d{1,15}$/.test(id) ? chat.find(Number(id)) : undefined;
    if (found === undefined) throw new HttpProblem(404, `There is no message ${id}.`);
    return found;
  };
  /** One more is asked for than is shown, to know whether there is more. */
  const renderPage = ({ limit, before }: WebPage, list: (page: WebPage) => WebMessage[]) => {
    const found = list({ before, limit: limit + 1 });
    return { messages: found.slice(-limit).map(render), hasMore: found.length > limit };
  };
  const react = async (c: Context<AppEnv, '/messages/:id/reactions'>, change: 'added' | 'removed') => {
    const { emoji } = await readBody(c, reactionBody);
    const message = getMessage(c.req.param('id')).id;
    const after = await chat.react({ change, message, emoji, person: c.get('person'), key: idempotencyKey(c) });
    return c.json({ message: after === undefined ? null : render(after) });
  };

  return new Hono<AppEnv>()
    .get('/me', (c) => c.json({ person: c.get('person'), command: chat.commandName, labels: actionLabels }))
    .post('/command', async (c) => {
      const { channel, text } = await readBody(c, commandBody);
      const key = idempotencyKey(c);
      const answer = await chat.type({ text, person: c.get('person'), channel: parseWebChannel(channel), key });
      return c.json(renderAnswerJson(answer, zone));
    })
    .get('/channels', (c) => c.json({ channels: chat.channels() }))
    .get('/channels/:id/messages', (c) => {
      const id = parseWebChannel(c.req.param('id'));
      const channels = chat.channels();
      if (channels.every((channel) => channel.id !== id)) {
        const names = channels.map((channel) => channel.name).join(', ');
        throw new HttpProblem(404, `There is no channel ${c.req.param('id')}. There are: ${names}.`);
      }
      return c.json(renderPage(readQuery(c, pageQuery), (page) => chat.channelMessages(id, page)));
    })
    .get('/threads/:id/messages', (c) => {
      const parent = getMessage(c.req.param('id'));
      const page = renderPage(readQuery(c, pageQuery), (each) => chat.threadMessages(parent.id, each));
      return c.json({ parent: render(parent), ...page });
    })
    .post('/messages/:id/reactions', (c) => react(c, 'added'))
    .delete('/messages/:id/reactions', (c) => react(c, 'removed'))
    .get('/attachments/:id', async (c) => {
      const { download } = readQuery(c, downloadQuery);
      const id = c.req.param('id');
      const file = /^\d{1,15}$/.test(id) ? chat.findFile(Number(id), c.get('person')) : undefined;
      if (file === undefined) throw new HttpProblem(404, `There is no attachment ${id}.`);
      return sendAttachment(c, file, { isDownload: download, onFault });
    });
}
