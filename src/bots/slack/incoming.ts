import type { BlockAction, ViewSubmitAction } from '@slack/bolt';

import { listenToButtons } from './buttons.ts';
import { listenToCommands } from './commands.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { formCallback } from './form-view.ts';
import { listenToMentions } from './mentions.ts';
import { noteCallback, submitNote } from './note-form.ts';
import { previewForm } from './preview-form.ts';
import { listenToReactions } from './reaction-controls.ts';
import { readView } from './read-form-view.ts';
import { submitForm } from './submit-form.ts';

/** Listens to everything that people do in Slack. */
export function listen(edges: SlackEdges): void {
  listenToCommands(edges);
  listenToButtons(edges);
  listenToMentions(edges);
  listenToReactions(edges);
  const { app } = edges;
  app.view<ViewSubmitAction>(formCallback, async ({ view, body, context, ack }) =>
    submitForm(edges, { view: readView(view), user: body.user.id, eventId: eventIdOf(context), ack }),
  );
  app.view<ViewSubmitAction>(noteCallback, async ({ view, body, context, ack }) =>
    submitNote(edges, { view: readView(view), user: body.user.id, eventId: eventIdOf(context), ack }),
  );
  app.action<BlockAction>({ action_id: /^nd-form:/, type: 'block_actions' }, async ({ body, context, ack }) => {
    await previewForm(edges, { view: readView(body.view), user: body.user.id, eventId: eventIdOf(context) });
    await ack();
  });
}
