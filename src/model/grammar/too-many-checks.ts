import { mistake } from './mistake.ts';

const maxChecks = 20;

/** Throws a UserError for more checks than a job has. */
export function refuseTooManyChecks(count: number): void {
  if (count <= maxChecks) return;
  throw mistake(
    `There are ${count} checks.`,
    `A job has up to ${maxChecks}; a script can hold more.`,
    '--accept "$ scripts/check-all.sh"',
  );
}
