import { Hono } from 'hono';
import * as z from 'zod';

import { renderText } from '../bots/render-text.ts';
import { parseWebChannel } from '../bots/web/web-channel.ts';
import type { WebChat } from '../bots/web/web-chat.ts';
import { formFieldsSchema } from '../model/job-form.ts';
import type { AppEnv } from './app-env.ts';
import type { FormJson } from './form-json.ts';
import { HttpProblem } from './http-problem.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { readBody, readQuery } from './read-body.ts';
import type { WebDesk } from './web-desk.ts';

const formBody = z.strictObject({
  channel: z.string(),
  target: z.string().min(1).optional(),
  draft: z.int().positive().optional(),
  fields: formFieldsSchema,
});
const channelQuery = z.strictObject({ channel: z.string() });
const whenQuery = z.strictObject({
  words: z.string().trim().min(1).max(1000),
  zone: z.string().max(100).default(''),
  channel: z.string(),
});
export interface FormRoutesOptions {
  chat: WebChat;
  desk: WebDesk;
  /** IANA zone for the instants in `text` fields. */
  zone: string;
}

/** The form for `schedule` and `edit`: what it opens with, what it shows while it is filled in, and its submit. */
export function createFormRoutes({ chat, desk, zone }: FormRoutesOptions) {
  return new Hono<AppEnv>()
    .get('/projects', (c) => c.json({ projects: desk.listProjects({ person: c.get('person') }) }))
    .get('/form', (c) => {
      const channel = parseWebChannel(readQuery(c, channelQuery).channel);
      return c.json({ form: desk.blankForm({ person: c.get('person'), channel }) });
    })
    .get('/jobs/:name/form', (c) => {
      const name = c.req.param('name');
      return c.json({
        form: found(desk.formOf({ person: c.get('person') }, name), `There is no job ${name} that you may view.`),
      });
    })
    .get('/drafts/:id', (c) => {
      const id = c.req.param('id');
      const form = /^\d{1,15}$/.test(id) ? desk.draft({ person: c.get('person') }, Number(id)) : undefined;
      return c.json({ form: found(form, 'This draft is not there any more: it was mended, or is older than 7 days.') });
    })
    .get('/when', (c) => {
      const { words, zone, channel } = readQuery(c, whenQuery);
      return c.json(desk.previewWhen(words, zone, { channel: parseWebChannel(channel) }));
    })
    .post('/forms', async (c) => {
      const { channel, ...form } = await readBody(c, formBody);
      const key = idempotencyKey(c);
      const answer = await chat.submit({ form, person: c.get('person'), channel: parseWebChannel(channel), key });
      const { isRefusal, isInChannel, message, faults } = answer;
      const said = { text: renderText(message, zone), message };
      return c.json(isRefusal ? { ok: false, faults, ...said } : { ok: true, isInChannel, ...said });
    });
}

function found(form: FormJson | undefined, otherwise: string): FormJson {
  if (form === undefined) throw new HttpProblem(404, otherwise);
  return form;
}
