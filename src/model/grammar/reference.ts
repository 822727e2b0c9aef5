import { nearest } from '../nearest.ts';
import type { UserError } from '../user-error.ts';
import { listed, mistake, shown } from './mistake.ts';

/** The number that `r142`, `R142` and `#142` stand for; `undefined` for what may be the name of a job. */
export function readRunNumber(reference: string): number | undefined {
  const digits = /^[r#](\d{1,9})$/i.exec(reference.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a word can be a name, the beginning of one, or the number of a run. */
export const isReference = (word: string): boolean => /^(?:#\d{1,9}|[a-z0-9][a-z0-9-]{0,49})$/i.test(word);

/**
 * Finds the job that a name means, in any case, among those that the asker may see. With `exact`, as for what starts or
 * destroys something, only the full name will do; otherwise the beginning of just one name is enough. Throws a UserError
 * that names the nearest job, or those that it could be.
 */
export function findByReference<Named extends { name: string }>(
  reference: string,
  candidates: readonly Named[],
  { exact }: { exact: boolean },
): Named {
  const wanted = reference.trim().toLowerCase();
  const named = candidates.find((candidate) => candidate.name === wanted);
  if (named) return named;
  const matching = wanted === '' ? [] : candidates.filter((candidate) => candidate.name.startsWith(wanted));
  const only = matching[0];
  if (!only) throw unknown(reference, candidates.map(({ name }) => name).sort());
  if (matching.length > 1) throw ambiguous(reference, matching.map(({ name }) => name).sort());
  if (exact) throw notExact(reference, only.name);
  return only;
}

function unknown(reference: string, names: readonly string[]): UserError {
  const given = `There is no job ${shown(reference)}`;
  if (/^\d+$/.test(reference.trim())) {
    return mistake(`${given}.`, 'The number of a run has an `r` in front.', `r${reference.trim()}`);
  }
  const near = nearest(reference, names);
  if (near !== undefined) return mistake(`${given}. Did you mean \`${near}\`?`, '`list` shows all jobs.', near);
  const [first] = names;
  if (first === undefined)
    return mistake(`${given}: there are none yet.`, '`schedule` makes one.', 'schedule fix the login test');
  return mistake(`${given}.`, `There ${names.length === 1 ? 'is' : 'are'} ${some(names, 'and')}.`, first);
}

function ambiguous(reference: string, names: readonly string[]): UserError {
  return mistake(
    `${shown(reference)} could be ${some(names, 'or')}.`,
    'The beginning of a name has to fit one job alone.',
    names[0] ?? '',
  );
}

function notExact(reference: string, name: string): UserError {
  return mistake(
    `${shown(reference)} is only the beginning of \`${name}\`.`,
    'What starts or ends something needs the full name.',
    name,
  );
}

function some(names: readonly string[], joint: 'and' | 'or'): string {
  return names.length <= 5
    ? listed(names, joint)
    : `${names
        .slice(0, 5)
        .map((name) => `\`${name}\``)
        .join(', ')} ${joint} ${names.length - 5} more`;
}
