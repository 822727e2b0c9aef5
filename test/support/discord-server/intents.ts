import type { World } from './world.ts';

export const intentBits = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** Those that have to be switched on in the developer portal: members, presences, message content. */
export const privilegedIntents = intentBits.guildMembers | (1 << 8) | intentBits.messageContent;

/** The privileged intents that are switched on in the developer portal, as the application's flags say it. */
export function allowedIntents({ application }: World): number {
  return (
    (application.flags & ((1 << 18) | (1 << 19)) ? intentBits.messageContent : 0) |
    (application.flags & ((1 << 14) | (1 << 15)) ? intentBits.guildMembers : 0)
  );
}
