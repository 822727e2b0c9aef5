import type { CheckResult } from '../../model/attempt.ts';
import type { Check } from '../../model/check.ts';
import { code, line, output, type Block, type Inline } from '../../model/message.ts';
import { checkText } from '../../model/outcome.ts';

const isSame = (one: Check, other: Check): boolean => one.kind === other.kind && checkText(one) === checkText(other);

/** A check's own words: a command as code, a sentence in quotes. */
export const checkName = (check: Check): Inline =>
  check.kind === 'command' ? code(check.command) : `“${check.sentence}”`;

/** `npm test` failed before, passes now. */
export function checkVerdict(after: CheckResult, before: CheckResult | undefined): Inline[] {
  const name = checkName(after.check);
  switch (after.verdict) {
    case 'pass':
      if (before?.verdict === 'fail') return [name, ' failed before, passes now'];
      if (before?.verdict === 'pass') return [name, ' passes, and passed before'];
      return [name, ' passes'];
    case 'fail': {
      const how = after.exitCode === null ? (after.reason ?? 'did not end') : `exits ${after.exitCode}`;
      if (before?.verdict === 'pass') return [name, ` ${how}; it passed before attempt 1`];
      if (before?.verdict === 'fail') return [name, ` ${how}; it failed before attempt 1 already`];
      return [name, ` ${how}`];
    }
    case 'undecided':
      return [name, ` undecided: ${after.reason ?? 'nobody judged it'}`];
  }
}

export const findBefore = (before: readonly CheckResult[], check: Check): CheckResult | undefined =>
  before.find((result) => isSame(result.check, check));

const marks = { pass: '✅', fail: '❌', undecided: '❔' } as const;

/** One line for each check with its verdict, and the end of its output. */
export function checkBlocks(after: readonly CheckResult[], before: readonly CheckResult[]): Block[] {
  return after.flatMap((result) => {
    const heading = line(`${marks[result.verdict]} `, ...checkVerdict(result, findBefore(before, result.check)));
    const tail = lastLines(result.output, result.verdict === 'fail' ? 20 : 1);
    return tail === '' ? [heading] : [heading, output(tail)];
  });
}

const maxLineLength = 300;

/** The last `count` lines that are not empty at the end, long ones cut. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.map((each) => (each.length > maxLineLength ? `${each.slice(0, maxLineLength)}…` : each)).join('\n');
}
