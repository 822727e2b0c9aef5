import type { Actor, ChatHandlers, Member } from '../chat.ts';
import type { Members } from './members.ts';
import { createKeyedTurns, createTurns } from '../turns.ts';

/** Who did something, where, in Slack's own ids, and the id of the delivery. */
export interface Origin {
  user: string;
  channel: string;
  eventId: string;
}

/** Hands an act over to the desk, in its person's own order, with what is known of the person. */
export type HandOver = <T>(origin: Origin, act: (handlers: ChatHandlers, actor: Actor) => Promise<T>) => Promise<T>;

export function createHandOver({ members, handlers }: { members: Members; handlers: () => ChatHandlers }): HandOver {
  const turns = createTurns();
  const inPersonsOrder = createKeyedTurns();
  return ({ user, channel, eventId }, act) =>
    inPersonsOrder(user, async () => {
      const person = `slack:${user}`;
      const actor = { person, channel: `slack:${channel}`, eventId, ...membershipOf(await members.of(person)) };
      return turns.take(() => act(handlers(), actor));
    });
}

/** Of whom nothing is known has no more rights than a stranger: those of their own name alone. */
const membershipOf = (member: Member | undefined): Pick<Actor, 'groups' | 'isGuest' | 'zone'> =>
  member === undefined || member.isGone
    ? { groups: [], isGuest: true }
    : { groups: member.groups, isGuest: member.isGuest, zone: member.zone };
