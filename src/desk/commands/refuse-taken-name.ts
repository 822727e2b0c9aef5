import { slugFromGoal } from '../../model/grammar/slug.ts';
import { UserError } from '../../model/user-error.ts';
import type { CommandContext } from './command-context.ts';

/** Throws a UserError with a free name where another job has this one. */
export function refuseTakenName({ change }: CommandContext, name: string): void {
  const isTaken = (other: string): boolean => change.jobs.findByName(other) !== undefined;
  if (!isTaken(name)) return;
  throw new UserError(
    `There is a job \`${name}\` already. Choose another \`--name\`, such as \`${slugFromGoal(name, isTaken)}\`, or \`delete ${name}\` first.`,
  );
}
