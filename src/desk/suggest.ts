import type { Suggestion } from '../bots/chat.ts';
import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import { isAtLeast, roleIn, type Who } from '../model/access.ts';
import { runLabel } from '../model/run.ts';
import { visibleProjects } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';

export interface SuggestDependencies {
  store: Pick<Store, 'suggestions' | 'runs'>;
  settings: DeskSettings;
}

/** What Discord takes, and as many as anybody reads. */
const limit = 25;
/** For the runs of jobs whose names fit: of so many jobs, so many runs. */
const [maxJobs, runsOfJob] = [5, 10];

/** What may be typed in a field with suggestions: at most 25, those that begin with `typed` before those that have it in them. */
export function suggest(
  { store, settings }: SuggestDependencies,
  what: 'project' | 'job' | 'run',
  typed: string,
  who: Who,
): Suggestion[] {
  const words = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._#-]/g, '');
  if (what === 'project') return suggestProjects(settings, words, who);
  // For each project on its own: its index has them in the order that is wanted.
  const projects = visibleProjects({ settings, actor: who }) ?? [undefined];
  if (what === 'run') return suggestRuns(store, words, projects);
  return findJobs(store, words, projects, limit).map(({ name }) => ({ value: name, label: name }));
}

function suggestProjects({ projects, access }: DeskSettings, words: string, who: Who): Suggestion[] {
  const names = [...projects.keys()].filter(
    (name) => name.toLowerCase().includes(words) && isAtLeast(roleIn(access, name, who), 'member'),
  );
  const begins = (name: string): boolean => name.toLowerCase().startsWith(words);
  return [...names.filter(begins), ...names.filter((name) => !begins(name))]
    .slice(0, limit)
    .map((name) => ({ value: name, label: name }));
}

type Projects = readonly (string | undefined)[];

function findJobs(
  { suggestions }: SuggestDependencies['store'],
  words: string,
  projects: Projects,
  count: number,
): { id: number; name: string }[] {
  const part = words.replaceAll(/[^a-z0-9-]/g, '');
  const first = byName(projects.flatMap((project) => suggestions.jobsBeginningWith(part, project, count)));
  if (first.length >= count || part === '') return first.slice(0, count);
  const others = byName(projects.flatMap((project) => suggestions.jobsWithin(part, project, count)));
  return [...first, ...others].slice(0, count);
}

const byName = (jobs: { id: number; name: string }[]) => jobs.sort((one, other) => (one.name < other.name ? -1 : 1));

function suggestRuns(store: SuggestDependencies['store'], words: string, projects: Projects): Suggestion[] {
  const digits = /^[r#]?(\d{0,9})$/.exec(words)?.[1];
  const runs = digits === undefined ? runsOfJobs(store, words, projects) : runsNumbered(store, digits, projects);
  return runs.map((run) => ({
    value: runLabel(run.id),
    label: `${runLabel(run.id)} ${run.spec.jobName} ${run.status}`,
  }));
}

/** Runs whose numbers begin with the digits: 14 means 14, 140 to 149, 1400 to 1499 and so on. Newest first. */
function runsNumbered({ suggestions }: SuggestDependencies['store'], digits: string, projects: Projects): Run[] {
  const start = Number(digits);
  const ranges =
    digits === ''
      ? [{ from: 0, to: Number.MAX_SAFE_INTEGER }]
      : Array.from({ length: 10 - digits.length }, (_, zeros) => ({
          from: start * 10 ** zeros,
          to: (start + 1) * 10 ** zeros,
        })).reverse();
  return newest(
    projects.flatMap((project) => ranges.flatMap((range) => suggestions.runsNumbered(range, project, limit))),
  );
}

function runsOfJobs(store: SuggestDependencies['store'], words: string, projects: Projects): Run[] {
  const jobs = findJobs(store, words, projects, maxJobs);
  return newest(
    jobs.flatMap(({ id }) => store.runs.list({ jobId: id, projects: onlyNames(projects), limit: runsOfJob })),
  );
}

/** `undefined` for all. A job's older runs may be of a project that the person may not view. */
const onlyNames = (projects: Projects): string[] | undefined =>
  projects.includes(undefined) ? undefined : projects.flatMap((project) => project ?? []);

const newest = (runs: Run[]): Run[] => runs.sort((one, other) => other.id - one.id).slice(0, limit);
