import type { SlashCommand } from '@slack/bolt';

import { decodeText } from './decode-text.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { openForm } from './form.ts';
import type { FormSource } from '../chat.ts';
import type { Place } from './place.ts';

/** Listens to the slash command, by whatever name the app has it. */
export function listenToCommands(edges: SlackEdges): void {
  edges.app.command(/./, async ({ command, context, ack }) => {
    const text = decodeText(command.text).trim();
    const eventId = eventIdOf(context);
    const source = formSource(text);
    if (source === undefined) await carryOut(edges, command, text, eventId);
    else {
      const { user_id: user, trigger_id: trigger } = command;
      await openForm(edges, { source, user, eventId, trigger, place: placeOf(command) });
    }
    await ack();
  });
}

/** `schedule` alone and `edit` with nothing but a job ask for the form. */
function formSource(text: string): FormSource | undefined {
  if (/^schedule$/i.test(text)) return { fields: {} };
  const job = /^edit\s+(?<job>[^\s-]\S*)$/i.exec(text)?.groups?.['job'];
  return job === undefined ? undefined : { job };
}

async function carryOut(edges: SlackEdges, command: SlashCommand, text: string, eventId: string): Promise<void> {
  const { user_id: user, channel_id: channel } = command;
  const reply = await edges.handOver({ user, channel, eventId }, (handlers, actor) => handlers.onText(text, actor));
  edges.background.run('the answer to a command', async () => {
    if (!reply.isInChannel) await edges.tellAsker(reply, user, placeOf(command));
  });
}

const placeOf = ({ channel_id: channel, response_url: responseUrl }: SlashCommand): Place => ({
  channel,
  ...(responseUrl ? { responseUrl } : {}),
});
