import type * as z from 'zod';

import { holdsSecret } from '../model/secret.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Fault, KeyPath } from './fault.ts';
import { allowedAt, keysAt } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

/** Says what zod found, one fault a key. `data` is what was parsed. */
export function faultsOf(issues: readonly Issue[], schema: z.ZodType, data: unknown): Fault[] {
  const faults = new Map<string, Fault>();
  for (const issue of issues.flatMap((issue) => flatten(issue))) {
    for (const fault of faultsOfIssue(issue, schema, data)) {
      const id = JSON.stringify(fault.key) + (isComplete(issue) ? fault.said : '');
      if (!faults.has(id)) faults.set(id, fault);
    }
  }
  return [...faults.values()];
}

/** A union fails in each of its options; what counts are the faults of the one whose type was meant. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.filter(
    (inner) => !inner.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  );
  if (meant.length !== 1) return [issue];
  return (meant[0] ?? []).flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function faultsOfIssue(issue: Issue, schema: z.ZodType, data: unknown): Fault[] {
  const key = issue.path as KeyPath;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, key);
    return issue.keys.map((unknown) => ({
      key: [...key, unknown],
      said: `unknown key${didYouMean(unknown, known)}`,
      allowed: known.join(', '),
    }));
  }
  const allowed = allowedAt(schema, key, issue.code === 'invalid_key');
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map((inner) => reason(inner, key.at(-1))).join('');
    return [{ key, said: `given the name ${say(key.at(-1))}${why}`, allowed }];
  }
  if (isComplete(issue)) return [{ key, said: issue.message, allowed: ownAllowed(issue) ?? allowed }];
  const given = valueAt(data, key);
  if (given === undefined) return [{ key, said: 'missing', allowed }];
  return [{ key, said: `given ${say(given)}${reason(issue, given)}`, allowed }];
}

function reason(issue: Issue, given: unknown): string {
  if (issue.code === 'custom' && issue.message !== 'Invalid input') return `, which ${issue.message}`;
  if (issue.code === 'invalid_value' && typeof given === 'string') return didYouMean(given, issue.values.map(String));
  return '';
}

/** Whether the issue's message says all, the given value included. */
function isComplete(issue: Issue): boolean {
  return issue.code === 'custom' && issue.params?.['isComplete'] === true;
}

function ownAllowed(issue: Issue): string | undefined {
  const allowed: unknown = issue.code === 'custom' ? issue.params?.['allowed'] : undefined;
  return typeof allowed === 'string' ? allowed : undefined;
}

function valueAt(data: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    data,
  );
}

const shownLength = 60;

function say(value: unknown): string {
  if (typeof value === 'string') {
    if (holdsSecret(value)) return 'a text (not shown)';
    return JSON.stringify(value.length > shownLength ? `${value.slice(0, shownLength)}…` : value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return 'a map';
}
