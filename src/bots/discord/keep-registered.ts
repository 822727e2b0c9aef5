import { setTimeout as sleep } from 'node:timers/promises';

import type { REST } from 'discord.js';
import type { Logger } from 'pino';

import type { CommandDefinition } from './define-command.ts';
import { registerCommand } from './register.ts';

interface Options {
  rest: REST;
  guild: string | undefined;
  command: CommandDefinition;
  log: Logger;
}

const firstRetryMs = 5_000;
const longestRetryMs = 15 * 60_000;

/** Sees to it that Discord knows the command, once in the life of the process; what fails is tried again. */
export function keepRegistered(options: Options) {
  const { guild, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | undefined;

  async function keep(application: string, guilds: readonly string[]): Promise<void> {
    for (let waitMs = firstRetryMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      try {
        return await registerCommand({ ...options, application, guilds });
      } catch (error) {
        if (signal.aborted) return;
        const advice =
          guild === undefined
            ? ''
            : `. Is the bot in the server ${guild}? \`nightdesk discord invite\` prints its link`;
        log.error({ err: error, retrySeconds: waitMs / 1000 }, `The command could not be registered${advice}`);
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    /** `guilds` are the servers that the bot is in. */
    check(application: string, guilds: readonly string[]): void {
      running ??= keep(application, guilds);
    },
    stop(): void {
      stopping.abort();
    },
  };
}
