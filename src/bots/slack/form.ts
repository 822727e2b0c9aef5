import type { types } from '@slack/bolt';

import type { Actor, ChatHandlers, FormSource, OpenForm, Reply, WhenPreview } from '../chat.ts';
import type { SlackEdges } from './edges.ts';
import { formCallback, plain, renderFormView } from './form-view.ts';
import type { Place } from './place.ts';
import { within } from '../within.ts';

/** Somebody's wish for a form. */
export interface FormWish {
  source: FormSource;
  user: string;
  eventId: string;
  /** Opens a modal for three seconds. */
  trigger: string;
  place: Place;
}

/** Until then the form is waited for; after that a modal holds its place. */
const openWithinMs = 700;

/** Opens the form for a job, filled. Resolves when the desk has said what is in it; showing it goes on. */
export async function openForm(edges: SlackEdges, wish: FormWish): Promise<void> {
  const { handOver, background } = edges;
  const { user, eventId, place } = wish;
  const asked = handOver({ user, channel: place.channel, eventId }, (handlers, actor) =>
    readForm(handlers, wish.source, actor),
  );
  background.run('opening a form in Slack', async () => {
    const answer = await within(asked, openWithinMs);
    if (answer === undefined) await openLater(edges, wish, asked);
    else if ('refusal' in answer) await edges.tellAsker(answer.refusal, user, place);
    else await openModal(edges, wish, renderFormView({ ...answer, place, pageUrl: edges.pageUrl() }));
  });
  await asked;
}

type ReadForm = { form: OpenForm; preview: WhenPreview | undefined } | { refusal: Reply };

async function readForm(handlers: ChatHandlers, source: FormSource, actor: Actor): Promise<ReadForm> {
  const answer = await handlers.openForm(source, actor);
  if ('refusal' in answer) return answer;
  const { when, zone } = answer.form.fields;
  const preview = when.trim() === '' ? undefined : await handlers.previewWhen(when, zone, actor);
  return { form: answer.form, preview };
}

async function openLater(edges: SlackEdges, wish: FormWish, asked: Promise<ReadForm>): Promise<void> {
  const viewId = await openModal(edges, wish, noticeView('The form is on its way: the host is busy.'));
  const answer = await asked;
  if ('refusal' in answer) {
    await edges.tellAsker(answer.refusal, wish.user, wish.place);
    if (viewId !== undefined) {
      await edges.web.views.update({
        view_id: viewId,
        view: noticeView('It can’t be opened; the answer is in the channel.'),
      });
    }
    return;
  }
  const view = renderFormView({ ...answer, place: wish.place, pageUrl: edges.pageUrl() });
  if (viewId !== undefined) await edges.web.views.update({ view_id: viewId, view });
}

/** Opens a modal and returns its id; where Slack no longer opens one, the person is told so. */
export async function openModal(
  edges: SlackEdges,
  { trigger, user, place }: Pick<FormWish, 'trigger' | 'user' | 'place'>,
  view: types.ModalView,
): Promise<string | undefined> {
  try {
    const { view: opened } = await edges.web.views.open({ trigger_id: trigger, view });
    return opened?.id;
  } catch (error) {
    edges.log.warn({ err: error }, 'Slack did not open a form');
    await edges.tellAsker(notOpened, user, place);
    return undefined;
  }
}

const notOpened: Reply = {
  message: [
    {
      kind: 'line',
      content: ['The form could not be opened: Slack gives three seconds for it. Ask for it again.'],
    },
  ],
  isRefusal: true,
};

/** A modal that only says something. */
export const noticeView = (text: string): types.ModalView => ({
  type: 'modal',
  callback_id: `${formCallback}-notice`,
  title: plain('nightdesk'),
  close: plain('Close'),
  blocks: [{ type: 'section', text: plain(text) }],
});
