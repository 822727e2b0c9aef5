import { resolve } from 'node:path';

import { Argument, type Command } from 'commander';

import { configOption, type ConfigOption } from './config-option.ts';

/** What makes a service of nightdesk. */
export function addServiceCommands(program: Command, env: Record<string, string | undefined>): void {
  program
    .command('service')
    .description('print the unit or property list that runs nightdesk as a service here: docs/operations.md')
    .addArgument(new Argument('<manager>', 'what starts services on this machine').choices(['systemd', 'launchd']))
    .addOption(configOption())
    .action(async (manager: 'systemd' | 'launchd', options: ConfigOption) => {
      const { printService } = await import('./service/print-service.ts');
      printService({ manager, configFlag: options.config, env, program: resolve(process.argv[1] ?? '') });
    });
}
