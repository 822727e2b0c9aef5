import type { BlockAction } from '@slack/bolt';

import { buttonCommand } from '../button-command.ts';
import { parseButtonId, type Button } from '../button-id.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { openForm, openModal } from './form.ts';
import { renderNoteForm } from './note-form.ts';
import type { Place } from './place.ts';

/** Two clicks within this time on the same button are one. */
const doubleClickMs = 1_000;

/** Listens to the buttons of messages. */
export function listenToButtons(edges: SlackEdges): void {
  const clicked = createClickMemory(() => edges.now().getTime());
  edges.app.action<BlockAction>(
    { action_id: /^nd:/, type: 'block_actions' },
    async ({ body, action, context, ack }) => {
      const button = parseButtonId(action.action_id);
      const place = button && placeOf(body);
      if (button !== undefined && place !== undefined) {
        const id = [body.user.id, place.channel, messageTs(body), action.action_id].join(' ');
        const eventId = eventIdOf(context);
        if (!clicked.isAgain(id)) await click(edges, { button, id: action.action_id, body, place, eventId });
      }
      await ack();
    },
  );
}

interface Click {
  button: Button;
  id: string;
  body: BlockAction;
  place: Place;
  eventId: string;
}

async function click(edges: SlackEdges, { button, id, body, place, eventId }: Click): Promise<void> {
  const user = body.user.id;
  const trigger = body.trigger_id;
  if (button.kind === 'edit' || button.kind === 'fix-it') {
    const source = button.kind === 'edit' ? { job: button.target } : { draft: Number(button.target) };
    await openForm(edges, { source, user, eventId, trigger, place });
    return;
  }
  if (button.kind === 'retry-with-note') {
    edges.background.run('opening a form in Slack', async () => {
      await openModal(edges, { trigger, user, place }, renderNoteForm(id, button.target, place));
    });
    return;
  }
  const command = buttonCommand(button);
  if (command === undefined) return;
  const reply = await edges.handOver({ user, channel: place.channel, eventId }, (handlers, actor) =>
    handlers.onCommand(command, actor),
  );
  edges.background.run('the answer to a button', async () => {
    if (!reply.isInChannel) await edges.tellAsker(reply, user, place);
  });
}

/** Where the message with the button is: in a channel, or in a thread there. */
function placeOf(body: BlockAction): Place | undefined {
  const channel = body.channel?.id ?? text(body.container['channel_id']);
  if (channel === undefined) return undefined;
  const root = text(body.message?.['thread_ts']) ?? text(body.container['thread_ts']);
  return {
    channel,
    ...(root === undefined || root === messageTs(body) ? {} : { thread: root }),
    ...(body.response_url === '' ? {} : { responseUrl: body.response_url }),
  };
}

const messageTs = (body: BlockAction): string | undefined => body.message?.ts ?? text(body.container['message_ts']);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function createClickMemory(now: () => number): { isAgain: (id: string) => boolean } {
  const lastAt = new Map<string, number>();
  return {
    isAgain(id) {
      const at = now();
      // In either direction: the clock may have been set back since.
      for (const [known, then] of lastAt) if (Math.abs(at - then) >= doubleClickMs) lastAt.delete(known);
      const isAgain = lastAt.has(id);
      lastAt.set(id, at);
      return isAgain;
    },
  };
}
