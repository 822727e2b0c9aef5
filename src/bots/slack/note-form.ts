import type { types } from '@slack/bolt';
import * as z from 'zod';

import { buttonCommand } from '../button-command.ts';
import { parseButtonId } from '../button-id.ts';
import { renderText } from '../render-text.ts';
import type { SlackEdges } from './edges.ts';
import { plain } from './form-view.ts';
import { placeSchema, type Place } from './place.ts';
import { readInput, type ShownView } from './read-form-view.ts';
import type { ViewAck } from './submit-form.ts';
import { within } from '../within.ts';
import { noticeView } from './form.ts';

export const noteCallback = 'nd-retry-note';
const inputId = `${noteCallback}:note`;
const answerWithinMs = 700;

const metadataSchema = z.object({ place: placeSchema, button: z.string() });

/** Asks for the note of a retry: one field. `button` is the id of the button that was clicked. */
export const renderNoteForm = (button: string, target: string, place: Place): types.ModalView => ({
  type: 'modal',
  callback_id: noteCallback,
  title: plain('Retry with a note'),
  submit: plain('Retry'),
  close: plain('Close'),
  private_metadata: JSON.stringify({ place, button } satisfies z.infer<typeof metadataSchema>),
  blocks: [
    {
      type: 'input',
      block_id: inputId,
      label: plain(`What is ${target} to know this time?`),
      hint: plain('Claude reads it beside the goal and what failed.'),
      element: { type: 'plain_text_input', action_id: inputId, multiline: true, max_length: 3_000 },
    },
  ],
});

/** Retries with the note. A refusal is shown in the form. */
export async function submitNote(
  edges: SlackEdges,
  { view, user, eventId, ack }: { view: ShownView; user: string; eventId: string; ack: ViewAck },
): Promise<void> {
  const { place, button: id } = metadataSchema.parse(JSON.parse(view.private_metadata));
  const button = parseButtonId(id);
  const command = button && buttonCommand(button, readInput(view, inputId));
  if (command === undefined) throw new Error(`A form for a note belongs to the button ${id}`);
  const asked = edges.handOver({ user, channel: place.channel, eventId }, (handlers, actor) =>
    handlers.onCommand(command, actor),
  );
  const reply = await within(asked, answerWithinMs);
  if (reply?.isRefusal) {
    await ack({ response_action: 'errors', errors: { [inputId]: renderText(reply.message, 'UTC') } });
    return;
  }
  await (reply === undefined
    ? ack({ response_action: 'update', view: noticeView('The host is busy; the answer comes in the channel.') })
    : ack());
  edges.background.run('the answer to a retry', async () => {
    const late = await asked;
    if (!late.isInChannel) await edges.tellAsker(late, user, place);
  });
}
