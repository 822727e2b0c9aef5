import type { Logger } from 'pino';

import type { App } from '../app.ts';
import { loadConfig } from '../config.ts';

export interface ReloadOptions {
  app: App;
  configPath: string;
  env: Record<string, string | undefined>;
  log: Logger;
}

/**
 * Reads the configuration again and has the bot go by it. With faults in it the bot goes on with what it has; the log and
 * the channel for alerts have all of them. Returns the people of the page who were not let in before.
 */
export function reload({ app, configPath, env, log }: ReloadOptions): string[] {
  try {
    const next = loadConfig(configPath, env);
    const { kept, newPeople } = app.reload(next);
    for (const warning of next.warnings) log.warn(warning);
    if (kept.length > 0) log.warn(`${kept.join(', ')} can't change while nightdesk runs; restart it for that`);
    log.info(`${configPath} was read again; it counts for what starts from now on`);
    return newPeople;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`The configuration was not taken over; nightdesk goes on with the one it has. ${why}`);
    app.reloadRefused(why);
    return [];
  }
}
