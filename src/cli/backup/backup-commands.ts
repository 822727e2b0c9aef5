import type { Command } from 'commander';

import { findConfigPath } from '../../config.ts';
import { configOption, type ConfigOption } from '../config-option.ts';
import { loadClientConfig } from '../load-client-config.ts';
import { version } from '../version.ts';

/** `backup` and `restore`. */
export function addBackupCommands(program: Command, env: Record<string, string | undefined>): void {
  const load = ({ config }: ConfigOption) => loadClientConfig(findConfigPath(config, env, process.cwd()), env);
  program
    .command('backup')
    .description('copy the store and the small files of runs; the bot may run meanwhile')
    .option('--to <folder>', 'a new folder for it; else one under backups/ in the data directory')
    .addOption(configOption())
    .action(async (options: ConfigOption & { to?: string }) => {
      const { path: configPath, dataDirectory } = load(options);
      const { backUp } = await import('./back-up.ts');
      const { folder, manifest } = await backUp({
        dataDirectory,
        configPath,
        to: options.to,
        version: version(),
        now: new Date(),
      });
      const large = manifest.leftOut.length === 0 ? '' : `, without ${manifest.leftOut.length} larger than 1 MB`;
      process.stdout.write(
        `${folder}\nthe store and ${manifest.files} files of runs${large}. Not in it: ${configPath}, worktrees, branches\n`,
      );
    });
  program
    .command('restore')
    .description('put a backup into the data directory and keep aside what is there; the bot must be stopped')
    .argument('<backup>', 'a folder of nightdesk backup, or a copy of the store such as backups/before-update-….db')
    .addOption(configOption())
    .action(async (backup: string, options: ConfigOption) => {
      const { dataDirectory } = load(options);
      const { restore } = await import('./restore.ts');
      const now = new Date();
      const holder = `nightdesk restore, process ${process.pid}, since ${now.toISOString()}`;
      const { aside } = restore({ backup, dataDirectory, holder, now });
      const kept = aside === undefined ? '' : `What was there is kept in ${aside}\n`;
      process.stdout.write(`${backup} is in ${dataDirectory} again.\n${kept}nightdesk start goes on from there.\n`);
    });
}
