import type { Command } from 'commander';

import { forTerminal } from './for-terminal.ts';

/** One for each command, by its path. */
export const examples: Record<string, string> = {
  init: 'nightdesk init --yes',
  doctor: 'nightdesk doctor --service',
  'slack manifest': 'nightdesk slack manifest --url https://desk.example.org/slack/events',
  service: 'nightdesk service systemd',
  start: 'nightdesk start --config ~/nightdesk.yaml',
  when: 'nightdesk when "first monday of the month at 9am" --zone Europe/Berlin',
  'discord invite': 'nightdesk discord invite --application 1234567890',
  backup: 'nightdesk backup --to /backup/nightdesk',
  restore: 'nightdesk restore /backup/nightdesk',
  claude: "nightdesk claude 'list --project api'",
  history: 'nightdesk history upgrade-deps',
  show: 'nightdesk show r142',
  log: 'nightdesk log r142 --follow',
};

/** Has every command say, behind what is wrong, how it is used, and refuse a value that is empty. */
export function explainUsage(program: Command): void {
  for (const { path, command } of leavesOf(program)) {
    const example = examples[path];
    const lines = [
      `Usage: nightdesk ${path} ${command.usage()}`,
      ...(example === undefined ? [] : [`Example: ${example}`]),
    ];
    command
      .showHelpAfterError(`${lines.join('\n')}\n(nightdesk ${path} --help says more)`)
      .configureOutput({ writeErr: (text) => void process.stderr.write(forTerminal(text)) })
      .hook('preAction', refuseEmpty);
    if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${example}`);
  }
  program.configureOutput({ writeErr: (text) => void process.stderr.write(forTerminal(text)) });
}

/** The commands that do something, not those that only have others below them. */
export function leavesOf(command: Command, above: string[] = []): { path: string; command: Command }[] {
  return command.commands.flatMap((each) => {
    const names = [...above, each.name()];
    return each.commands.length > 0 ? leavesOf(each, names) : [{ path: names.join(' '), command: each }];
  });
}

/** A variable of a script that was not set is an empty word, and would be taken for the working directory, or for any job. */
function refuseEmpty(_program: Command, command: Command): void {
  const values = command.opts<Record<string, unknown>>();
  for (const option of command.options) {
    if (values[option.attributeName()] !== '') continue;
    command.error(`error: ${option.long ?? option.flags} is empty. ${option.flags}: ${option.description}`);
  }
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (argument.variadic || command.processedArgs[index] !== '') continue;
    command.error(`error: <${argument.name()}> is empty: ${argument.description}`);
  }
}
