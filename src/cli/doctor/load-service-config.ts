import { loadConfig } from '../../config.ts';
import type { Config } from '../../config/config-value.ts';
import { ConfigError } from '../../config/fault.ts';
import { missingVariable } from '../../config/child-env.ts';
import type { ServiceManager } from './service-env.ts';
import { warning, type Finding } from './finding.ts';

type Environment = Record<string, string | undefined>;

/**
 * The configuration as the service would read it. Variables that `claude.env` names and the terminal has are taken from
 * there, so that the rest can be checked, and each is a finding: the service has to be given them. Throws a ConfigError.
 */
export function loadServiceConfig(
  path: string,
  terminal: Environment,
  { name, env }: ServiceManager,
): { config: Config; findings: Finding[] } {
  const lent = new Map<string, string>();
  for (;;) {
    try {
      const config = loadConfig(path, { ...env, ...Object.fromEntries(lent) });
      return { config, findings: [...lent.keys()].map((variable) => lentFinding(variable, name)) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const missing = error.faults.flatMap(({ said }) => missingVariable(said) ?? []);
      const more = missing.filter((variable) => terminal[variable] && !lent.has(variable));
      if (more.length === 0) throw error;
      for (const variable of more) lent.set(variable, terminal[variable] ?? '');
    }
  }
}

function lentFinding(variable: string, manager: ServiceManager['name']): Finding {
  return warning(
    'configuration',
    `${variable} is taken from this terminal for what follows; ${manager} does not set it`,
    manager === 'systemd'
      ? `put it into a file that only the service reads (chmod 600), and name that in the unit: EnvironmentFile=/etc/nightdesk.env`
      : `set it for the service: EnvironmentVariables in its plist (chmod 600)`,
  );
}
