import type { CommandEnd, CommandOutcome } from '../../model/attempt.ts';
import { formatDuration } from '../../model/duration.ts';
import type { ClaudeLine, ResultEvent } from './claude-line.ts';

/** What the transcript says of a line that is neither Claude's nor a tool's; `undefined` where it says nothing. */
export function describeNotice(line: ClaudeLine): string | undefined {
  switch (line.kind) {
    case 'api-error':
      return `! ${line.text}`;
    case 'api-retry': {
      const status = line.status === null ? 'gave no whole answer' : `answered ${line.status}`;
      const next = `try ${line.attempt} of ${line.maxRetries} in ${formatDuration(line.delayMs)}`;
      return `! The API ${status} (${line.error}): ${next}.`;
    }
    case 'rate-limit':
      return line.isReached ? describeLimit(line.limit, line.resetsAtMs) : undefined;
    case 'compacted':
      return '· The conversation grew long and was summed up.';
    case 'broken':
      return '· A line that is no JSON is left out.';
    case 'result':
      return describeResult(line);
    case 'assistant':
    case 'background-tasks':
    case 'init':
    case 'other':
    case 'partial':
    case 'permission-denied':
    case 'task-ended':
    case 'task-started':
    case 'user':
      break;
  }
  return undefined;
}

function describeLimit(limit: string, resetsAtMs: number | null): string {
  const resets = resetsAtMs === null ? '' : `; it resets at ${formatUtc(resetsAtMs)}`;
  return `! The usage limit (${limit}) is reached${resets}.`;
}

function describeResult(result: ResultEvent): string {
  const isGood = result.subtype === 'success' && !result.isError;
  const turns = `${result.turns} ${result.turns === 1 ? 'turn' : 'turns'}`;
  const took = result.durationMs === null ? [] : [formatDuration(result.durationMs)];
  const head = [
    `${isGood ? '■' : '✗'} result: ${isGood ? 'success' : errorName(result)}`,
    turns,
    ...took,
    ...costOf(result),
  ];
  return [head.join(' · '), ...(isGood || result.text === '' ? [] : [`  ${result.text}`])].join('\n');
}

function errorName({ subtype, apiErrorStatus, terminalReason }: ResultEvent): string {
  if (subtype !== 'success') return subtype;
  return apiErrorStatus === null ? (terminalReason ?? 'error') : `API error ${apiErrorStatus}`;
}

const ends: Record<Exclude<CommandEnd, 'exited'>, string> = {
  cancelled: 'was cancelled',
  'timed-out': 'ran out of time',
  stalled: 'gave no sign of life and was ended',
  hung: 'did not end by itself and was ended',
  'background-ended': 'was ended with background tasks still open',
  terminated: 'was stopped by the host',
  'could-not-start': 'could not be started',
  lost: 'is lost',
};

/** The last lines: how the process ended, after how long, at which cost, and what it left behind. */
export function describeEnd(outcome: CommandOutcome, last: ResultEvent | undefined): string[] {
  const { end, exitCode, signal, left, error } = outcome;
  const exited = signal === null ? `exited with ${exitCode ?? 'an unknown code'}` : `was killed by ${signal}`;
  const how = end === 'exited' ? exited : ends[end];
  const took = formatDuration(outcome.endedAtMs - outcome.startedAtMs);
  const facts = [
    `■ Claude Code ${how} after ${took}`,
    ...(last === undefined ? [] : [...costOf(last), ...tokensOf(last)]),
  ];
  const names = left.names.length === 0 ? '' : `: ${left.names.join(', ')}`;
  return [
    facts.join(' · '),
    ...(error === undefined ? [] : [`  ${error}`]),
    ...(left.count === 0
      ? []
      : [`  Left behind and ended: ${left.count} ${left.count === 1 ? 'process' : 'processes'}${names}`]),
  ];
}

function costOf({ costUsd }: ResultEvent): string[] {
  if (costUsd === null) return [];
  if (costUsd === 0) return ['no cost'];
  return [costUsd < 0.01 ? 'under $0.01' : `about $${costUsd.toFixed(2)}`];
}

function tokensOf({ tokens }: ResultEvent): string[] {
  if (tokens === null) return [];
  const count = (value: number): string => value.toLocaleString('en-US');
  return [`${count(tokens.input)} tokens in, ${count(tokens.cacheRead)} from the cache, ${count(tokens.output)} out`];
}

/** `2026-11-22 08:05:06 UTC`. */
export function formatUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
