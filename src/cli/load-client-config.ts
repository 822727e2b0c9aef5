import { loadConfig } from '../config.ts';
import { missingVariable } from '../config/child-env.ts';
import type { Config } from '../config/config-value.ts';
import { ConfigError } from '../config/fault.ts';

/**
 * The configuration for a command that only talks to a running bot. The variables that `claude.env` names are the bot's
 * affair: the terminal need not have them, and `claude.env` of the result means nothing. Throws a ConfigError.
 */
export function loadClientConfig(path: string, env: Record<string, string | undefined>): Config {
  const lent: Record<string, string> = {};
  for (;;) {
    try {
      return loadConfig(path, { ...env, ...lent });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const missing = error.faults.flatMap(({ said }) => missingVariable(said) ?? []).filter((name) => !(name in lent));
      if (missing.length === 0) throw error;
      for (const name of missing) lent[name] = 'not set in this terminal';
    }
  }
}
