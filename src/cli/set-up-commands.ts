import type { Command } from 'commander';

import { configOption, type ConfigOption } from './config-option.ts';

interface DoctorOptions extends ConfigOption {
  service?: true;
  json?: true;
}

/** The commands of the first hour: none of them needs a bot that runs. */
export function addSetUpCommands(program: Command, env: Record<string, string | undefined>): void {
  program
    .command('init')
    .description('write a first nightdesk.yaml with what is found on this machine')
    .option('--yes', 'write it without asking')
    .addOption(configOption())
    .action(async (options: ConfigOption & { yes?: true }) => {
      const { init } = await import('./init.ts');
      await init({ configFlag: options.config, isSure: options.yes === true, env });
    });
  program
    .command('doctor')
    .description('check everything that a run needs, and say what to do')
    .option('--service', 'check it as launchd or systemd would start it')
    .option('--json', 'as JSON')
    .addOption(configOption())
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor/doctor.ts');
      await doctor({
        configFlag: options.config,
        isService: options.service === true,
        isJson: options.json === true,
        env,
      });
    });
}
