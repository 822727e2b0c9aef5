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
