import type { Control } from '../../model/message.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { messageRef } from './message-ref.ts';

/** The names of 🔁 and 🛑; clients write one or the other. */
const controls: ReadonlyMap<string, Control> = new Map([
  ['repeat', 'retry'],
  ['arrows_counterclockwise', 'retry'],
  ['octagonal_sign', 'cancel'],
  ['stop_sign', 'cancel'],
]);

/** Listens to reactions on the bot's own messages. */
export function listenToReactions(edges: SlackEdges): void {
  for (const [name, change] of [
    ['reaction_added', 'added'],
    ['reaction_removed', 'removed'],
  ] as const) {
    edges.app.event(name, async ({ event, context }) => {
      const { user, reaction, item, item_user: author } = event;
      const control = controls.get(reaction);
      const isOurs = author === undefined || author === context.botUserId;
      if (control === undefined || item.type !== 'message' || !isOurs || user === context.botUserId) return;
      const { channel, ts } = item;
      await edges.handOver({ user, channel, eventId: eventIdOf(context) }, (handlers, actor) =>
        handlers.onReaction(change, control, messageRef(channel, ts), actor),
      );
    });
  }
}
