import { ApplicationCommandOptionType, type APIApplicationCommandBasicOption } from 'discord.js';

import { editFlagNames, flagNames, flagRules, type FlagName } from '../../model/grammar/flag-rules.ts';
import { flagSummaries } from '../../model/grammar/help.ts';
import { cut } from '../../model/grammar/mistake.ts';
import { helpTopics } from '../../model/grammar/parse-help.ts';
import type { Subcommand } from '../../model/grammar/subcommands.ts';
import { notifyRules } from '../../model/job.ts';
import { catchUpRules, overlapRules } from '../../model/overlap.ts';

/** What Discord takes for the description of a command or an option. */
export const maxDescription = 100;

interface OptionRule {
  description: string;
  isRequired?: boolean;
  choices?: readonly string[];
  isSuggested?: boolean;
}

/** The flag of the grammar has another name in some tools, and here: people look for `timezone`. */
export const optionOfFlag = (flag: FlagName): string => (flag === 'zone' ? 'timezone' : flag);

/** What the options of a flag say beyond the flag's own help. */
const flagDescriptions: Partial<Record<FlagName, string>> = {
  goal: 'What Claude is to do. Without it, a form opens.',
  accept: 'What must hold in the end, one check a line: `$ npm test`, or a sentence.',
  'add-accept': 'More checks, one a line.',
  'drop-accept': 'Checks to drop, one a line: by text or number.',
};

/** What the flags with a few words take. */
const choices: Partial<Record<FlagName, readonly string[]>> = {
  notify: notifyRules,
  overlap: overlapRules,
  'catch-up': catchUpRules,
};

const summaries = new Map<string, string>(flagSummaries);

function flagOption(flag: FlagName): APIApplicationCommandBasicOption {
  if (flag === 'owner')
    return { type: ApplicationCommandOptionType.User, name: flag, description: 'Who has it from now on.' };
  const description = flagDescriptions[flag] ?? summaries.get(flag) ?? flagRules[flag].allowed;
  return option(optionOfFlag(flag), {
    description: `${description}${description.includes('`') ? '' : ` ${exampleOf(flag)}`}`,
    isSuggested: flag === 'project',
    ...(choices[flag] === undefined ? {} : { choices: choices[flag] }),
  });
}

/** `2h`, where the flag is shown as `--timeout 2h`. */
const exampleOf = (flag: FlagName): string => flagRules[flag].example.replace(/^--\S+ "?/, '').replace(/"$/, '');

function option(name: string, rule: OptionRule): APIApplicationCommandBasicOption {
  const { description, isRequired = false, choices, isSuggested = false } = rule;
  const basics = { name, description: cut(description, maxDescription), required: isRequired };
  const type = ApplicationCommandOptionType.String as const;
  if (choices !== undefined) return { type, ...basics, choices: choices.map((value) => ({ name: value, value })) };
  return isSuggested ? { type, ...basics, autocomplete: true } : { type, ...basics };
}

const job = (description: string): APIApplicationCommandBasicOption =>
  option('job', { description, isRequired: true, isSuggested: true });
const run = (description: string): APIApplicationCommandBasicOption =>
  option('run', { description, isRequired: true, isSuggested: true });

/** The options of each command of the grammar: one that is added there is missed here by the compiler. */
export const commandOptions: Record<Subcommand, readonly APIApplicationCommandBasicOption[]> = {
  schedule: [flagOption('goal'), ...flagNames.map(flagOption)],
  edit: [job('The job to change. With nothing else, a form opens.'), ...editFlagNames.map(flagOption)],
  list: [],
  show: [run('A run or a job.')],
  pause: [
    job('The job, or `all`.'),
    option('until', { description: 'When it goes on: `monday 9am`. Left out, until somebody resumes it.' }),
    option('for', { description: 'For how long: `3 days`.' }),
  ],
  resume: [job('The job, `all`, or `login` once Claude is logged in again.')],
  run: [job('The job to run now.')],
  cancel: [run('The run to end, or its job.')],
  retry: [
    run('The run to try again, or its job.'),
    option('note', { description: 'What Claude should know this time.' }),
  ],
  delete: [job('The job to delete for good.')],
  history: [option('job', { description: 'A job. Left out, the latest runs of all.', isSuggested: true })],
  log: [run('The run, or a job for its latest run.')],
  projects: [],
  help: [option('topic', { description: 'What to read more about.', choices: helpTopics })],
};

/** Words that stand for more than one job, by command. */
export const wordsForMany: Partial<Record<Subcommand, readonly string[]>> = {
  pause: ['all'],
  resume: ['all', 'login'],
};
