/** What the bot's token has to be allowed, each with what would be missing without it. */
export const botScopes = {
  commands: 'the slash command',
  'chat:write': 'messages and their edits',
  'files:write': 'logs and patches in the thread',
  'files:read': 'to see whether a file has arrived before it is sent again',
  'reactions:read': 'to retry and cancel by a reaction',
  'reactions:write': 'the reactions to press',
  'app_mentions:read': 'questions in a thread, by mentioning the bot',
  'channels:history': 'to see whether a message has arrived before it is sent again',
  'groups:history': 'the same in private channels',
  'im:history': 'the same in direct messages',
  'channels:read': 'to check that a channel can be reached',
  'groups:read': 'the same for private channels',
  'users:read': 'time zones, guests, and who has left',
  'usergroups:read': 'user groups in `access`',
  'im:write': 'direct messages to the owner of a job',
} as const;

/** What the app's own token has to be allowed. */
export const appScope = 'connections:write';
