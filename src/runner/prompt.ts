import type { AttemptRequest, EarlierAttempt, FailedCheck } from '../model/attempt.ts';
import type { Check } from '../model/check.ts';
import { dataRule, fenceData } from './fenced-data.ts';
import { excerpt } from './stream/excerpt.ts';

export interface PromptContext {
  /** `git diff --stat` of what earlier attempts changed. */
  changedSoFar?: string | undefined;
  /** A random word that fences what is data. */
  marker: string;
}

const outputLimits = { headLines: 60, tailLines: 120, lineCharacters: 1000 };
const wordLimits = { headLines: 40, tailLines: 20, lineCharacters: 2000 };

/**
 * What Claude is told on its stdin: the goal, how it is judged, that nobody is there to answer, and, in a later attempt,
 * what went wrong before. Whatever a program or an earlier session wrote stands between fences and is called data.
 */
export function composePrompt(request: AttemptRequest, context: PromptContext): string {
  const { marker } = context;
  const fence = (label: string, text: string, limits = wordLimits): string => fenceData(marker, label, text, limits);
  const parts = [
    request.goal.trim(),
    checksPart([...request.project.checks, ...request.checks]),
    placePart(request),
    ...earlierParts(request.earlier, fence),
    ...changesPart(context.changedSoFar, fence),
    ...notePart(request.note, marker),
  ];
  const hasData = parts.some((part) => part.includes(`<data-${marker}`));
  return `${[...parts, ...(hasData ? [dataRule(marker)] : [])].join('\n\n')}\n`;
}

type Fence = (label: string, text: string, limits?: typeof outputLimits) => string;

function checksPart(checks: Check[]): string {
  if (checks.length === 0)
    return '# When it is done\n\nNo checks were given. Show in your last message how you made sure.';
  const lines = [...new Set(checks.map(checkLine))];
  return [
    '# When it is done',
    '',
    'After you end, these checks decide whether the work is done:',
    ...lines,
    '',
    'Make them pass by doing the work: a check that was weakened or emptied is reported.',
  ].join('\n');
}

const checkLine = (check: Check): string =>
  check.kind === 'command'
    ? `- this command is run in the workspace and must exit 0: ${inCode(check.command)}`
    : `- somebody who reads the result must find this true: ${check.sentence}`;

/** A command in as many backticks as it needs. */
function inCode(command: string): string {
  const longest = Math.max(0, ...(command.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${command}\`` : `${ticks} ${command} ${ticks}`;
}

function placePart({ project, branch }: AttemptRequest): string {
  const place =
    project.workspace === 'worktree'
      ? `You are in a git worktree of the project on the branch \`${branch}\`, made for this work. Stay in it. You may commit here; ` +
        'what you leave uncommitted is committed for you. Do not push and do not switch branches.'
      : 'You are in the project folder itself. Stay in it. Do not push and do not switch branches.';
  return [
    '# How you work here',
    '',
    'You work unattended: nobody reads along and nobody answers questions. Decide what a careful colleague would decide, say so, ' +
      'and finish. If something that you need is missing (a permission, a credential, a fact), do what can be done without it and ' +
      'say plainly in your last message what is missing. Start nothing that must go on after you end.',
    '',
    place,
  ].join('\n');
}

function earlierParts(earlier: EarlierAttempt | undefined, fence: Fence): string[] {
  if (earlier === undefined) return [];
  const { label, cause, failedChecks, lastError, lastWords } = earlier;
  const parts = [
    '# What happened before',
    `This was tried before (${label}) and did not get done. Find out why before you go on; do not repeat what failed.`,
    fence(`why ${label} did not get done`, cause),
    ...failedChecks.map((check) => failedCheckPart(check, label, fence)),
  ];
  if (lastError !== undefined) parts.push('The last error that it saw:', fence(`last error of ${label}`, lastError));
  if (lastWords !== undefined) parts.push('The last that it wrote:', fence(`last words of ${label}`, lastWords));
  return parts;
}

function failedCheckPart(check: FailedCheck, label: string, fence: Fence): string {
  if ('sentence' in check) {
    const seen = [check.evidence, check.output].filter((text) => text.trim() !== '').join('\n');
    const what = fence(`what was seen after ${label}`, seen || '(nothing was said)', outputLimits);
    return `Somebody who read the result found that this does not hold: ${check.sentence}\n\n${what}`;
  }
  const how = check.exitCode === null ? 'did not end by itself' : `exited with ${check.exitCode}`;
  const output = check.output.trim() === '' ? '(no output)' : check.output;
  return `The check ${inCode(check.command)} ${how}:\n\n${fence(`output of a check after ${label}`, output, outputLimits)}`;
}

function changesPart(changedSoFar: string | undefined, fence: Fence): string[] {
  if (changedSoFar === undefined || changedSoFar.trim() === '') return [];
  return ['The work of earlier attempts is still here:', fence('git diff --stat', changedSoFar, outputLimits)];
}

// Whoever may ask for a retry may also say what to do: the note is fenced, but it is no data.
function notePart(note: string | undefined, marker: string): string[] {
  if (note === undefined || note.trim() === '') return [];
  const fenced = `<note-${marker}>\n${excerpt(note.trim(), wordLimits)}\n</note-${marker}>`;
  return [`The person who asked for this new try adds to the goal:\n\n${fenced}`];
}
