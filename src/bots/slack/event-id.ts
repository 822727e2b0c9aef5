import type { Context } from '@slack/bolt';

/** The id of what arrived, as `acknowledge.ts` gave it: the same for each delivery of it. */
export function eventIdOf(context: Context): string {
  const id: unknown = context['eventId'];
  if (typeof id !== 'string') throw new Error('Something arrived from Slack without an id');
  return id;
}
