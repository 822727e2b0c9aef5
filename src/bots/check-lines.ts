// A check may be a script of several lines: those behind the first are indented in the field.
const indent = '    ';

/** Checks as the lines of a field: one a line, an indented line goes on with the one above. */
export const joinChecks = (checks: readonly string[]): string =>
  checks.map((check) => check.replaceAll('\n', `\n${indent}`)).join('\n');

/** The checks that the lines of a field say. */
export const splitChecks = (text: string): string[] =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n(?! {4})/)
    .map((check) => check.replaceAll(`\n${indent}`, '\n').trim())
    .filter((check) => check !== '');
