import { existsSync } from 'node:fs';

import { createManifest } from '../bots/slack/manifest.ts';
import { findConfigPath, loadConfig } from '../config.ts';
import { UserError } from '../model/user-error.ts';

type Environment = Record<string, string | undefined>;

export interface SlackManifestOptions {
  configFlag: string | undefined;
  url: string | undefined;
  env: Environment;
}

/** Prints the manifest to make Slack's app of. It comes before the tokens, and before a configuration too. */
export function printSlackManifest({ configFlag, url, env }: SlackManifestOptions): void {
  const path = findConfigPath(configFlag, env, process.cwd());
  const config = configFlag !== undefined || existsSync(path) ? loadConfig(path, withTokens(env)) : undefined;
  if (config?.slack?.mode === 'http' && url === undefined) {
    throw new UserError(
      `With \`slack.mode: http\` the manifest needs the address at which Slack reaches this machine: --url https://desk.example.org${config.slack.path}`,
    );
  }
  const manifest = createManifest({ commandName: config?.commandName ?? '/claude', url });
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** Slack gives the tokens once it has the manifest. */
function withTokens(env: Environment): Environment {
  const tokens = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'];
  return { ...env, ...Object.fromEntries(tokens.map((name) => [name, env[name] || 'to come'])) };
}
