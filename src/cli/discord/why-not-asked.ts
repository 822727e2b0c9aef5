import type { Asked } from './ask-discord.ts';

type Unanswered = Exclude<Asked<never>, { kind: 'data' }>;

/** Why Discord gave no data, and what to do, where it is nothing about what was asked for. */
export function whyNotAsked(asked: Unanswered, restUrl: string): { said: string; toDo: string } {
  switch (asked.kind) {
    case 'unauthorized':
      return {
        said: 'Discord does not accept the token in DISCORD_TOKEN',
        toDo: 'Make a new one in the developer portal (your application, Bot, Reset Token) and set it without "Bot " in front',
      };
    case 'failed':
      return {
        said: `${restUrl} can't be asked: ${asked.reason}`,
        toDo: 'See that this machine reaches it, or correct `discord.restUrl`',
      };
    case 'refused':
      return {
        said: `Discord refuses with ${asked.code}: ${asked.message}`,
        toDo: asked.status === 429 ? 'Wait some minutes' : 'docs/discord.md lists what its errors mean',
      };
  }
}
