import type { AttemptReport, CheckResult } from '../../model/attempt.ts';
import type { Check } from '../../model/check.ts';
import { cut } from '../../model/grammar/mistake.ts';
import { line, output, type Block, type Inline } from '../../model/message.ts';
import { checkName, checkText, howItFailed } from '../../model/outcome.ts';

const isSame = (one: Check, other: Check): boolean => one.kind === other.kind && checkText(one) === checkText(other);

/** `npm test` failed before, passes now; “no breaking changes” holds: exported signatures unchanged. */
export function checkVerdict(after: CheckResult, before: CheckResult | undefined): Inline[] {
  const name = checkName(after.check);
  switch (after.verdict) {
    case 'pass':
      if (after.check.kind === 'sentence') return [name, after.reason ? ` holds: ${after.reason}` : ' holds'];
      if (before?.verdict === 'fail') return [name, ' failed before, passes now'];
      if (before?.verdict === 'pass') return [name, ' passes, and passed before'];
      return [name, ' passes'];
    case 'fail': {
      const how = howItFailed(after);
      if (before?.verdict === 'pass') return [name, ` ${how}; it passed before attempt 1`];
      if (before?.verdict === 'fail') return [name, ` ${how}; it failed before attempt 1 already`];
      return [name, ` ${how}`];
    }
    case 'undecided':
      return [name, ` undecided: ${after.reason ?? 'no verdict came'}`];
    case 'not-judged':
      return [name, ` was not judged: ${after.reason ?? 'it made no sense'}`];
  }
}

export const findBefore = (before: readonly CheckResult[], check: Check): CheckResult | undefined =>
  before.find((result) => isSame(result.check, check));

const marks = { pass: '✅', fail: '❌', undecided: '❔', 'not-judged': '❔' } as const;

/** One line for each check with its verdict, and the end of its output. */
export function checkBlocks(after: readonly CheckResult[], before: readonly CheckResult[]): Block[] {
  return after.flatMap((result) => {
    const heading = line(`${marks[result.verdict]} `, ...checkVerdict(result, findBefore(before, result.check)));
    const tail = lastLines(result.output, result.verdict === 'fail' ? 20 : 1);
    return tail === '' ? [heading] : [heading, output(tail)];
  });
}

const maxFiles = 8;

/** Names what of the checks themselves the run changed: a check can be made to pass by emptying it. */
export function changedChecksLine(report: AttemptReport | undefined): Block | undefined {
  const files = report?.changedChecks ?? [];
  if (files.length === 0) return undefined;
  const shown = files.slice(0, maxFiles).join(', ');
  const rest = files.length > maxFiles ? `, and ${files.length - maxFiles} more` : '';
  return line(`changed the check itself: ${shown}${rest}`);
}

const maxLineLength = 300;

/** The last `count` lines that are not empty at the end, long ones cut. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.map((each) => cut(each, maxLineLength)).join('\n');
}
