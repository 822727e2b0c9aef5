import { nearest } from '../nearest.ts';
import { withoutMarks } from './words.ts';

export const subcommands = [
  'schedule',
  'edit',
  'list',
  'show',
  'pause',
  'resume',
  'run',
  'cancel',
  'retry',
  'delete',
  'history',
  'log',
  'projects',
  'help',
] as const;
export type Subcommand = (typeof subcommands)[number];

interface Description {
  usage: string;
  /** What it does, in a line of the help. */
  summary: string;
  /** Without the command's name in front. */
  example: string;
}

/** What the help and the refusals say of each command. */
export const descriptions: Record<Subcommand, Description> = {
  schedule: {
    usage: 'schedule <goal> [--project <name>] [--when "<words>"] [--accept "<check>"] …',
    summary: 'Makes a job of a goal: at a time, again and again, or on demand.',
    example: 'schedule fix the flaky login test --project api --when "tomorrow at 2am" --accept "$ npm test"',
  },
  edit: {
    usage: 'edit <job> [--when "<words>"] [--goal "<goal>"] [--add-accept "<check>"] …',
    summary: 'Changes a job, only in what is given. A run under way goes on as it was.',
    example: 'edit upgrade-deps --when "weekdays at 3am" --budget none',
  },
  list: { usage: 'list', summary: 'The jobs, with what comes next for each.', example: 'list' },
  show: {
    usage: 'show <job or run>',
    summary: 'All there is to know of a job or a run.',
    example: 'show upgrade-deps',
  },
  pause: {
    usage: 'pause <job> | all [until <time> | for <duration>]',
    summary: 'No new runs until you resume, or until then. A run under way goes on.',
    example: 'pause upgrade-deps until monday 9am',
  },
  resume: {
    usage: 'resume <job> | all | login',
    summary: 'Ends a pause. With `login`: Claude is logged in again or has credit, and what waits for it goes on.',
    example: 'resume upgrade-deps',
  },
  run: { usage: 'run <job>', summary: 'Runs a job now. Its full name is needed.', example: 'run upgrade-deps' },
  cancel: {
    usage: 'cancel <job or run>',
    summary: 'Ends the run under way; the job stays. Its full name is needed.',
    example: 'cancel r142',
  },
  retry: {
    usage: 'retry <job or run> [note]',
    summary: 'Runs it again, with what went wrong and with your note.',
    example: 'retry r142 the API has moved to /v2',
  },
  delete: {
    usage: 'delete <job>',
    summary: 'Deletes a job for good. Its full name is needed.',
    example: 'delete upgrade-deps',
  },
  history: {
    usage: 'history [job]',
    summary: 'The latest runs, of one job or of all.',
    example: 'history upgrade-deps',
  },
  log: {
    usage: 'log <job or run>',
    summary: 'What Claude said and did in a run, or in the latest of a job.',
    example: 'log r142',
  },
  projects: { usage: 'projects', summary: 'The projects that you may use.', example: 'projects' },
  help: { usage: 'help [topic]', summary: 'This help, or more of it.', example: 'help schedule' },
};

/** `show <job or run>`, without the command's name in front. */
export const commandUsage = (subcommand: Subcommand): string => descriptions[subcommand].usage;

const aliases: ReadonlyMap<string, Subcommand> = new Map([
  ...subcommands.map((name) => [name, name] as const),
  ['ls', 'list'],
  ['jobs', 'list'],
  ['logs', 'log'],
  ['?', 'help'],
]);

/** Words that people try. They are suggested, never obeyed: `stop` may mean to cancel, to pause or to delete. */
const otherWords: ReadonlyMap<string, Subcommand> = new Map(
  Object.entries({
    show: 'status get info describe view',
    edit: 'change update modify set',
    pause: 'hold snooze suspend disable',
    resume: 'unpause continue enable',
    run: 'start trigger now execute',
    cancel: 'stop kill abort end',
    retry: 'rerun again redo repeat',
    delete: 'remove rm del drop unschedule',
    history: 'runs past',
    log: 'tail output transcript',
    projects: 'repos project',
  }).flatMap(([name, words]) => words.split(' ').map((word) => [word, name as Subcommand] as const)),
);

/** The command that a first word is, in any case; `undefined` for any other word. */
export const findSubcommand = (word: string): Subcommand | undefined => aliases.get(word.toLowerCase());

/** The command that a wrong first word most likely means. */
export function guessSubcommand(word: string): Subcommand | undefined {
  const plain = withoutMarks(word.toLowerCase(), '"“”\'’`/!:,.');
  return findSubcommand(plain) ?? otherWords.get(plain) ?? findSubcommand(nearest(plain, subcommands) ?? '');
}

/** Words that cannot name a job, because a command would read them as something else. */
export function isCommandWord(word: string): boolean {
  return findSubcommand(word) !== undefined || ['all', 'login', 'until', 'for'].includes(word.toLowerCase());
}
