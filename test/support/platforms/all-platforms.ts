import { discordPlatform } from './discord.ts';
import type { Platform } from './platform.ts';
import { slackPlatform } from './slack.ts';
import { webPlatform } from './web.ts';

/** Every platform that nightdesk speaks: a story that holds for one holds for all. */
export const allPlatforms: readonly Platform[] = [webPlatform, slackPlatform, discordPlatform];
