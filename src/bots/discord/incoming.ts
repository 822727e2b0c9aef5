import { GatewayDispatchEvents } from 'discord.js';

import { BoundedMap } from '../bounded-map.ts';
import type { Actor, ChatHandlers } from '../chat.ts';
import type { DiscordApi } from './discord-api.ts';
import { createForms } from './forms.ts';
import type { GatewayEvent } from './gateway.ts';
import { createInteractions } from './interactions.ts';
import type { Members } from './members.ts';
import { createMentions, type MentionEdges } from './mentions.ts';
import { createPlaces } from './places.ts';
import { createReactions } from './reactions.ts';
import type { Respond } from './respond.ts';
import { createTurns } from '../turns.ts';

export interface IncomingOptions {
  handlers: () => ChatHandlers;
  respond: Respond;
  api: DiscordApi;
  members: Members;
  /** The server that the configuration names. */
  guild: string | undefined;
  commandName: string;
  post: MentionEdges['post'];
  now: () => Date;
  onFault: (error: unknown, where: string) => unknown;
}

/** Events that came twice are taken once: as many are remembered as a resume may send again. */
const rememberedEvents = 2_000;

/** The way in: what people type, click and react. */
export function createIncoming(options: IncomingOptions) {
  const { handlers, respond, api, members, guild, commandName, post, now, onFault } = options;
  const turns = createTurns();
  const places = createPlaces({ api, commandName });
  const forms = createForms({ handlers, respond, commandName });
  const withGroups = async (actor: Actor): Promise<Actor | undefined> => {
    if (actor.groups !== undefined) return actor;
    const member = await members.identify(actor.person);
    if (member?.isGone === true) return undefined;
    return { ...actor, groups: member?.groups ?? [], isGuest: member === undefined || member.isGuest === true };
  };
  const interact = createInteractions({ handlers, respond, forms, places, turns, guild, withGroups });
  const mention = createMentions({ handlers, places, turns, guild, post, now });
  const react = createReactions({ handlers, turns, guild });
  const known = new BoundedMap<string, true>(rememberedEvents);
  const running = new Set<Promise<void>>();
  let self = '';

  function isNew(id: string): boolean {
    if (known.has(id)) return false;
    known.set(id, true);
    return true;
  }

  async function take({ payload, id }: GatewayEvent): Promise<void> {
    if (payload.t === GatewayDispatchEvents.InteractionCreate) {
      if (isNew(payload.d.id)) await interact(payload.d, now());
    } else if (payload.t === GatewayDispatchEvents.MessageCreate) {
      if (isNew(payload.d.id)) await mention(payload.d, self);
    } else if (payload.t === GatewayDispatchEvents.MessageReactionAdd) {
      if (isNew(id)) await react('added', payload.d, self, id);
    } else if (payload.t === GatewayDispatchEvents.MessageReactionRemove) {
      if (isNew(id)) await react('removed', payload.d, self, id);
    }
  }

  return {
    setSelf(user: string): void {
      self = user;
    },
    take(event: GatewayEvent): void {
      const taken = take(event).catch((error: unknown) => void onFault(error, 'what came in from Discord'));
      running.add(taken);
      void taken.then(() => running.delete(taken));
    },
    /** Resolves when everything that came in is answered. */
    idle: async (): Promise<void> => {
      await Promise.all(running);
    },
  };
}
