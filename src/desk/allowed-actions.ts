import type { Store } from '../db/store.ts';
import { isAtLeast, roleIn, type Role, type Who } from '../model/access.ts';
import { readRunNumber } from '../model/grammar/reference.ts';
import type { Action, ActionKind } from '../model/message.ts';
import { ownersOf } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';

export interface AllowedActionsDependencies {
  jobs: Pick<Store['jobs'], 'findByName'>;
  runs: Pick<Store['runs'], 'get'>;
  settings: Pick<DeskSettings, 'access'>;
}

/** What it takes, for somebody whose job or run it is not. */
const wantedOfOthers: Record<ActionKind, Role> = {
  log: 'viewer',
  run: 'member',
  retry: 'maintainer',
  'retry-with-note': 'maintainer',
  cancel: 'maintainer',
  pause: 'maintainer',
  resume: 'maintainer',
  edit: 'maintainer',
  delete: 'maintainer',
};

/** Of these buttons, those that would not be refused to `who` for want of a right. */
export function allowedActions(
  { jobs, runs, settings }: AllowedActionsDependencies,
  who: Who,
  actions: readonly Action[],
): Action[] {
  const roles = new Map<string, Role | undefined>();
  const roleOf = (project: string): Role | undefined => {
    if (!roles.has(project)) roles.set(project, roleIn(settings.access, project, who));
    return roles.get(project);
  };
  return actions.filter(({ kind, target }) => {
    const number = readRunNumber(target);
    const run = number === undefined ? undefined : runs.get(number);
    const job = number === undefined ? jobs.findByName(target) : undefined;
    const project = run?.spec.project ?? job?.project;
    if (project === undefined) return false;
    const owners = run === undefined ? [job?.owner] : ownersOf(run);
    const wanted = wantedOfOthers[kind];
    return isAtLeast(roleOf(project), wanted === 'maintainer' && owners.includes(who.person) ? 'member' : wanted);
  });
}
