import type { Command } from 'commander';

import { configOption, type ConfigOption } from './config-option.ts';

/** What is needed to set Slack up. */
export function addSlackCommands(program: Command, env: Record<string, string | undefined>): void {
  const slack = program.command('slack').description('set Slack up: docs/slack.md');
  slack
    .command('manifest')
    .description("print the app's manifest, to be pasted at https://api.slack.com/apps")
    .option('--url <url>', 'for HTTP mode: where Slack reaches nightdesk, https://desk.example.org/slack/events')
    .addOption(configOption())
    .action(async (options: ConfigOption & { url?: string }) => {
      const { printSlackManifest } = await import('./slack-manifest.ts');
      printSlackManifest({ configFlag: options.config, url: options.url, env });
    });
}
