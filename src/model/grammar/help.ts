import { bold, code, line, type Block, type Inline, type Message } from '../message.ts';
import { flagRules, type ScheduleFlag } from './flag-rules.ts';
import type { GrammarContext } from './grammar-context.ts';
import { readHelpTopic } from './parse-help.ts';
import { commandUsage, descriptions, type Subcommand } from './subcommands.ts';

/** The help as people read it: of everything, or of a command, of `when` or of `accept`. Throws a UserError. */
export function renderHelp(context: GrammarContext, topic?: string): Message {
  if (topic === undefined) return overview(context);
  const about = readHelpTopic(topic, context);
  if (about === 'schedule') return scheduleHelp(context);
  if (about === 'edit') return editHelp(context);
  if (about === 'when') return whenHelp(context);
  return about === 'accept' ? acceptHelp(context) : commandHelp(about, context);
}

const joined = (parts: readonly Inline[]): Inline[] =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [', ', part]));

function overview({ commandName }: GrammarContext): Message {
  const entry = (name: Subcommand): Block => line(code(commandUsage(name)), ` · ${descriptions[name].summary}`);
  return [
    line(
      bold('nightdesk'),
      ' gives Claude Code a goal while nobody watches, checks the result, and tells it in a thread here.',
    ),
    line(code(`${commandName} ${descriptions.schedule.example}`)),
    line('Behind ', code(commandName), ':'),
    ...(['schedule', 'edit', 'list', 'show', 'run', 'cancel', 'retry', 'pause', 'resume', 'delete'] as const).map(
      entry,
    ),
    ...(['history', 'log', 'projects'] as const).map(entry),
    line('On the message of a run, 🔁 runs it again and 🛑 cancels it.'),
    line('More: ', ...joined(['schedule', 'when', 'accept'].map((topic) => code(`${commandName} help ${topic}`)))),
  ];
}

/** What each flag of `schedule` says, in a line. */
export const flagSummaries: readonly [ScheduleFlag, string][] = [
  ['project', 'Where. Not needed where the channel has a project.'],
  ['when', 'Without it, the job runs on demand.'],
  ['zone', 'The time zone of the schedule; otherwise that of the channel, yours, or the host’s.'],
  ['accept', 'What must hold in the end; may be repeated. Without a check, a result is unverified.'],
  ['timeout', 'The time limit of an attempt.'],
  ['retries', 'How many attempts may follow the first one.'],
  ['budget', 'US dollars for a whole run, over its attempts.'],
  ['model', 'The model that Claude Code uses.'],
  ['name', 'The name of the job; otherwise made from the goal.'],
  ['notify', 'When the result mentions you: failure, always or never.'],
  ['overlap', 'While its last run still goes on: skip, queue one, cancel the old run, or allow both.'],
  ['catch-up', 'Of what fell due while nightdesk was down: skip, run the latest, or all up to 10.'],
  ['catch-up-within', 'How late an occurrence may be caught up.'],
];

function scheduleHelp({ commandName }: GrammarContext): Message {
  return [
    line(code(`${commandName} ${commandUsage('schedule')}`)),
    line(
      'The goal is free text in front of the flags, with line breaks as you like. Only ',
      code('--'),
      ' directly before one of these names is a flag, and nothing in quotes or backticks is:',
    ),
    ...flagSummaries.map(([name, summary]) => line(code(flagRules[name].example), ` · ${summary}`)),
    line('A value of several words stands in quotes.'),
    line(
      'Example: ',
      code(
        `${commandName} schedule upgrade all dependencies --project api --when "weekdays at 2am" --accept "$ npm test" --budget 5`,
      ),
    ),
    line('More: ', ...joined(['when', 'accept'].map((topic) => code(`${commandName} help ${topic}`)))),
  ];
}

function editHelp({ commandName }: GrammarContext): Message {
  return [
    line(code(`${commandName} ${commandUsage('edit')}`)),
    line('Changes a job, only in what is given, from its next run on. A run under way goes on as it was.'),
    line('It takes the flags of ', code(`${commandName} help schedule`), ', and these:'),
    line(code(flagRules.goal.example), ' · A new goal.'),
    line(code(flagRules['add-accept'].example), ' · One more check; may be repeated.'),
    line(code(flagRules['drop-accept'].example), ' · One check less, by its text or its number; may be repeated.'),
    line(code('--accept "$ npm test"'), ' · All checks anew.'),
    line(code(flagRules.owner.example), ' · Gives the job to somebody, for the owner or a maintainer to do.'),
    line(
      code('none'),
      ' takes away: ',
      ...joined(['--when none', '--budget none', '--model none', '--accept none'].map((text) => code(text))),
      '. A job without a schedule runs on demand.',
    ),
    line('Example: ', code(`${commandName} ${descriptions.edit.example}`)),
  ];
}

const schedules: [string, string[]][] = [
  ['once', ['now', 'in 20 minutes', 'tonight', 'tomorrow at 2am', 'noon', '2027-03-01T02:00']],
  ['by the clock', ['every day at 2am', 'weekdays 2am', 'mon-fri at 07:30', 'mondays and thursdays at 6pm', 'nightly']],
  ['by the month', ['first monday of the month at 9am']],
  ['by an interval', ['hourly', 'every 6 hours']],
  ['by cron', ['30 7 * * 1-5']],
];

function whenHelp({ commandName }: GrammarContext): Message {
  return [
    line(code('--when "<words>"'), ' says when a job runs; without it, the job runs on demand.'),
    ...schedules.map(([kind, words]) => line(`${kind}: `, ...joined(words.map((text) => code(text))))),
    line(
      'The zone is that of the channel, else yours where it is known, else the host’s, unless you name one: ',
      code('weekdays at 2am in Europe/Berlin'),
      '.',
    ),
    line('Example: ', code(`${commandName} schedule fix the flaky login test --when "tomorrow at 2am"`)),
  ];
}

function acceptHelp({ commandName }: GrammarContext): Message {
  return [
    line(code('--accept "<check>"'), ' says what must hold in the end; it may be repeated.'),
    line(
      code('--accept "$ npm test"'),
      ' · A command: it passes with exit code 0, and is run before the first attempt too.',
    ),
    line(
      code('--accept "no breaking changes to the public interface"'),
      ' · A sentence: Claude judges it in a second look, reading only.',
    ),
    line('A check that fails starts the next attempt, with what went wrong. Without checks a result is unverified.'),
    line(
      'Example: ',
      code(`${commandName} schedule tidy the docs --accept "$ npm run docs" --accept "no page is lost"`),
    ),
  ];
}

function commandHelp(name: Subcommand, { commandName }: GrammarContext): Message {
  return [
    line(code(`${commandName} ${commandUsage(name)}`), ` · ${descriptions[name].summary}`),
    line('Example: ', code(`${commandName} ${descriptions[name].example}`)),
  ];
}
