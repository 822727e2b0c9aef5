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
  discord: ({ discord }) => discord && `${discord.restUrl} ${discord.guild ?? ''}`,
};

/** `next` as far as a bot that runs with `running` can go by it, and the changed keys that need a restart. */
export function keepFixed(running: Config, next: Config): { config: Config; kept: string[] } {
  const { dataDirectory, commandName, host, web, discord } = running;
  return {
    config: {
      ...next,
      dataDirectory,
      commandName,
      host: { ...next.host, name: host.name, zone: host.zone },
      // The digest's zone is the host's where none is named.
      digest: { ...next.digest, zone: next.digest.zone === next.host.zone ? host.zone : next.digest.zone },
      web: { ...next.web, host: web.host, port: web.port, url: web.url },
      discord,
    },
    kept: Object.entries(fixedKeys).flatMap(([key, read]) => (read(running) === read(next) ? [] : [key])),
  };
}
