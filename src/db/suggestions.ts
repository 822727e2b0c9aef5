import { and, asc, desc, eq, gte, isNull, like, lt, notLike } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { jobs, runs } from './schema.ts';

export type SuggestionQueries = ReturnType<typeof createSuggestionQueries>;

/** A run's number is its row's id: `[from, to)`. */
export interface NumberRange {
  from: number;
  to: number;
}

/** What is looked for at each key that somebody presses: every query reads an index, and stops at `limit`. */
export function createSuggestionQueries(db: Db) {
  const inProject = (project: string | undefined) => (project === undefined ? undefined : eq(jobs.project, project));
  const named = { id: jobs.id, name: jobs.name };
  const found = (where: ReturnType<typeof and>, limit: number) =>
    db.select(named).from(jobs).where(where).orderBy(asc(jobs.name)).limit(limit).all();
  return {
    /** Jobs whose names begin with `prefix`, by name; of one project, or of all. */
    jobsBeginningWith: (prefix: string, project: string | undefined, limit: number) =>
      found(
        and(inProject(project), gte(jobs.name, prefix), lt(jobs.name, `${prefix}\u{10ffff}`), isNull(jobs.deletedAt)),
        limit,
      ),
    /** Jobs that have `part` in their names, but not at the beginning. `part` is of the letters of names. */
    jobsWithin: (part: string, project: string | undefined, limit: number) =>
      found(
        and(inProject(project), like(jobs.name, `_%${part}%`), notLike(jobs.name, `${part}%`), isNull(jobs.deletedAt)),
        limit,
      ),
    /** The newest runs with a number in the range; of one project, or of all. */
    runsNumbered: ({ from, to }: NumberRange, project: string | undefined, limit: number) =>
      db
        .select()
        .from(runs)
        .where(and(project === undefined ? undefined : eq(runs.project, project), gte(runs.id, from), lt(runs.id, to)))
        .orderBy(desc(runs.id))
        .limit(limit)
        .all(),
  };
}
