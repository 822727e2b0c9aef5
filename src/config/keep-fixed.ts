import type { Config } from './config-value.ts';

/** What a running bot can't change: who holds it has built something on it. */
const fixedKeys: Record<string, (config: Config) => string | number | undefined> = {
  dataDirectory: (config) => config.dataDirectory,
  commandName: (config) => config.commandName,
  'host.name': (config) => config.host.name,
  'host.zone': (config) => config.host.zone,
  'web.host': (config) => config.web.host,
  'web.port': (config) => config.web.port,
  'web.url': (config) => config.web.url,
  slack: (config) => String(config.slack !== undefined),
  'slack.mode': (config) => config.slack?.mode,
  'slack.apiUrl': (config) => config.slack?.apiUrl,
  'slack.host': (config) => listener(config)?.host,
  'slack.port': (config) => listener(config)?.port,
  'slack.path': (config) => listener(config)?.path,
  discord: ({ discord }) => discord && `${discord.restUrl} ${discord.guild ?? ''}`,
};

const listener = ({ slack }: Config) => (slack?.mode === 'http' ? slack : undefined);

/** Which keys have changed. Where a whole section came or went, its own keys say nothing more. */
function changedKeys(running: Config, next: Config): string[] {
  const changed = Object.entries(fixedKeys).flatMap(([key, read]) => (read(running) === read(next) ? [] : [key]));
  const isWhole = (key: string): boolean => changed.includes(key.split('.')[0] ?? '') && key.includes('.');
  return changed.filter((key) => !isWhole(key));
}

/** `next` as far as a bot that runs with `running` can go by it, and the changed keys that need a restart. */
export function keepFixed(running: Config, next: Config): { config: Config; kept: string[] } {
  const { dataDirectory, commandName, host, web, slack, discord } = running;
  return {
    config: {
      ...next,
      dataDirectory,
      commandName,
      host: { ...next.host, name: host.name, zone: host.zone },
      web: { ...next.web, host: web.host, port: web.port, url: web.url },
      slack,
      discord,
    },
    kept: changedKeys(running, next),
  };
}
