import { Command, CommanderError } from 'commander';

import { ConfigError } from '../config/fault.ts';
import { findSubcommand } from '../model/grammar/subcommands.ts';
import { UserError } from '../model/user-error.ts';
import { addBackupCommands } from './backup/backup-commands.ts';
import { addClientCommands } from './client-commands.ts';
import { CliProblem } from './cli-problem.ts';
import { addDiscordCommands } from './discord-commands.ts';
import { configOption, type ConfigOption } from './config-option.ts';
import { explainUsage } from './explain-usage.ts';
import { forTerminal } from './for-terminal.ts';
import { addServiceCommands } from './service-commands.ts';
import { addSetUpCommands } from './set-up-commands.ts';
import { addSlackCommands } from './slack-commands.ts';
import { version } from './version.ts';
import type { Output } from './watch-output.ts';
import { printSchedule } from './when.ts';

type Environment = Record<string, string | undefined>;

/**
 * The `nightdesk` command. Resolves to the exit code: 0 done, 1 refused or failed, 2 not understood. Results go to stdout, all
 * else to stderr.
 */
export async function runCli(args: readonly string[], env: Environment, output: Output): Promise<number> {
  const program = createProgram(env, output);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.unknownCommand') hintAtChat(args);
      return error.exitCode === 0 ? 0 : 2;
    }
    if (isForPeople(error)) {
      process.stderr.write(`${forTerminal(error.message)}\n`);
      return 1;
    }
    if (isOfSystem(error)) {
      process.stderr.write(`${forTerminal(`nightdesk can't go on: ${error.message}. ${systemAdvice}`)}\n`);
      return 1;
    }
    throw error;
  }
}

/** What is typed in chat is not a command of its own here. */
function hintAtChat(args: readonly string[]): void {
  const subcommand = findSubcommand(args[0] ?? '');
  if (subcommand === undefined) return;
  process.stderr.write(`\`${subcommand}\` is a command of chat. Here: nightdesk claude ${args.join(' ')}\n`);
}

const isForPeople = (error: unknown): error is Error =>
  error instanceof UserError || error instanceof ConfigError || error instanceof CliProblem;

const systemAdvice = '`nightdesk doctor` looks at the files, the disk and the rights that it needs.';

/** What the system, or SQLite, refused: where it was in the program tells nobody anything. */
const isOfSystem = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && ('syscall' in error || error.name === 'SqliteError');

/** The command line as commander has it. */
export function createProgram(env: Environment, output: Output): Command {
  const program = new Command('nightdesk')
    .description('Runs Claude Code unattended, on a schedule, and tells the result where your team talks.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('(nightdesk --help lists what there is)')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  nightdesk init
  nightdesk doctor
  nightdesk start
  nightdesk claude 'schedule mend the flaky test --project api --when "weekdays at 2am" --accept "$ npm test"'
  nightdesk log r142 --follow
  nightdesk when "first monday of the month at 9am" --zone Europe/Berlin`,
    );
  addSetUpCommands(program, env);
  addSlackCommands(program, env);
  addServiceCommands(program, env);
  program
    .command('start')
    .description('start the bot and the page; it runs until it gets SIGINT or SIGTERM')
    .addOption(configOption())
    .action(async (options: ConfigOption) => {
      // The whole house is loaded for this command alone.
      output.outliveReader();
      const { start } = await import('./start.ts');
      await start({ configFlag: options.config, env });
    });
  program
    .command('when')
    .description('show what the words of a schedule mean')
    .argument('<words...>', 'such as "weekdays at 2am" or "30 7 * * 1-5"')
    .option('--zone <zone>', "an IANA time zone; else this machine's")
    .option('--from <instant>', 'count from this ISO instant instead of now')
    .option('--count <n>', 'how many instants', '5')
    .option('--json', 'as JSON')
    .action((words: string[], options: { zone?: string; from?: string; count: string; json?: true }) =>
      printSchedule(words.join(' '), options),
    );
  addDiscordCommands(program, env);
  addBackupCommands(program, env);
  addClientCommands(program, env);
  explainUsage(program);
  return program;
}
