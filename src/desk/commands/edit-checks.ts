import { formatCheck, parseCheck, type Check } from '../../model/check.ts';
import type { EditCommand } from '../../model/command.ts';
import { refuseTooManyChecks } from '../../model/grammar/too-many-checks.ts';
import { nearest } from '../../model/nearest.ts';
import { UserError } from '../../model/user-error.ts';

type Changes = Pick<EditCommand, 'addAccept' | 'dropAccept'> & Partial<Pick<EditCommand, 'accept'>>;

/** The checks of a job after `edit`: all anew, or without those that are dropped and with those that are added. */
export function editChecks(checks: readonly Check[], { accept, addAccept, dropAccept }: Changes): Check[] {
  const dropped = new Set(dropAccept.map((reference) => getCheck(checks, reference)));
  const kept = accept?.map(parseCheck) ?? checks.filter((check) => !dropped.has(check));
  const edited = [...kept, ...addAccept.map(parseCheck)];
  refuseTooManyChecks(edited.length);
  return edited;
}

/** The check with this number, counted from 1, or with this text. */
function getCheck(checks: readonly Check[], reference: string): Check {
  const found = findCheck(checks, reference);
  if (found !== undefined) return found;
  if (checks.length === 0) throw new UserError(`There is no check \`${reference}\`: the job has none of its own.`);
  const near = nearest(
    reference,
    checks.flatMap((check) => [formatCheck(check), ownWords(check)]),
  );
  const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  const list = checks.map((check, index) => `${index + 1} \`${formatCheck(check)}\``).join(', ');
  throw new UserError(`There is no check \`${reference}\`.${hint} The job's own are: ${list}.`);
}

/** Whether `--drop-accept` would find it. */
export const isCheckOf = (checks: readonly Check[], reference: string): boolean =>
  findCheck(checks, reference) !== undefined;

function findCheck(checks: readonly Check[], reference: string): Check | undefined {
  const wanted = plain(reference);
  return /^#?\d{1,3}$/.test(wanted)
    ? checks[Number(wanted.replace('#', '')) - 1]
    : checks.find((check) => [formatCheck(check), ownWords(check)].some((text) => plain(text) === wanted));
}

const ownWords = (check: Check): string => (check.kind === 'command' ? check.command : check.sentence);
const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
