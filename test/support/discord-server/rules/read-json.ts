import type { Problems } from './problems.ts';

export type Json = Record<string, unknown>;
type Path = readonly (string | number)[];

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Length {
  min?: number;
  max: number;
  isRequired?: boolean;
}

/** Discord trims first. Whether it counts an emoji once or as UTF-16 does is nowhere said, so the larger number counts here. */
const lengthOf = (text: string): number => text.trim().length;

/** Checks a text and returns its length, which counts against the sum of an embed. */
export function checkText(
  given: unknown,
  path: Path,
  problems: Problems,
  { min = 0, max, isRequired }: Length,
): number {
  if (given === undefined || given === null) {
    if (isRequired) problems.add(path, 'BASE_TYPE_REQUIRED', 'This field is required');
    return 0;
  }
  if (typeof given !== 'string') {
    problems.add(path, 'STRING_TYPE_CONVERT', 'Could not interpret as string.');
    return 0;
  }
  const length = lengthOf(given);
  if (isRequired && length === 0) problems.add(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  else if (length > max && min > 0)
    problems.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
  else if (length > max) problems.add(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
  else if (length < min) problems.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
  return length;
}

/** Checks a list and its length; what is no list counts as an empty one. */
export function checkList(given: unknown, path: Path, problems: Problems, max: number, min = 0): unknown[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    problems.add(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    return [];
  }
  if (given.length > max || given.length < min)
    problems.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
  return given;
}

export function checkChoice(given: unknown, path: Path, problems: Problems, allowed: readonly unknown[]): void {
  if (!allowed.includes(given))
    problems.add(path, 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`);
}
