import { createReadStream, existsSync } from 'node:fs';

import type { CommandOutcome, JudgeReport } from '../../model/attempt.ts';
import { formatDuration } from '../../model/duration.ts';
import { isPassing, troubleInResult } from '../../model/known-trouble.ts';
import type { OutputMask } from '../read-output.ts';
import { createClaudeStream, type StreamReport } from '../stream/claude-stream.ts';
import { cutLine, plainText } from '../stream/excerpt.ts';
import { createLineReader } from '../stream/json-lines.ts';
import { readClaudeLine } from '../stream/read-claude-line.ts';
import type { Transcript } from '../stream/transcript.ts';
import type { CommandFolder } from '../supervisor/command-folder.ts';
import { readVerdict } from './verdict.ts';

/** What one call of the judge came to; its texts are masked. */
export interface JudgeAnswer {
  verdict: 'pass' | 'fail' | 'undecided';
  /** The evidence, or why there is none. */
  reason: string;
  places: string[];
  /** Whether the judge itself said so. */
  isSaid: boolean;
  costUsd: number;
  tokens: StreamReport['tokens'];
  /** What kept it from working, where asking later may go well. */
  stoppedBy?: JudgeReport['stoppedBy'];
}

const maxReason = 300;
const maxPlaces = 30;
const maxPlace = 300;

/** Reads the stream of a judge whose process has ended, and tells it to `transcript`. */
export async function readJudge(
  folder: CommandFolder,
  outcome: CommandOutcome,
  mask: OutputMask,
  timeoutMs: number,
  transcript?: Transcript,
): Promise<JudgeAnswer> {
  const stream = createClaudeStream(mask);
  let structured: unknown;
  const lines = createLineReader({
    onLine(text) {
      const line = readClaudeLine(text);
      stream.push(line, outcome.endedAtMs);
      transcript?.push(line, outcome.endedAtMs);
      if (line.kind === 'result') structured = line.structuredOutput;
    },
    onLongLine: (type, bytes) => transcript?.pushLong(type, bytes, outcome.endedAtMs),
  });
  if (existsSync(folder.stream)) {
    for await (const chunk of createReadStream(folder.stream)) lines.push(chunk as Buffer);
    lines.end();
  }
  transcript?.end(outcome);
  const report = stream.report(outcome.endedAtMs);
  const spent = { costUsd: report.costUsd ?? 0, tokens: report.tokens };
  const said = report.result?.isError === false ? readVerdict(structured) : undefined;
  if (said === undefined) {
    const reason = whyNone(outcome, report, timeoutMs);
    return { verdict: 'undecided', reason, places: [], isSaid: false, ...spent, stoppedBy: findTrouble(report) };
  }
  const clean = (text: string, characters: number): string =>
    cutLine(mask(plainText(text)).replaceAll(/\s+/g, ' ').trim(), characters);
  return {
    verdict: said.verdict,
    reason: clean(said.evidence, maxReason).replace(/\.$/, ''),
    places: said.places.slice(0, maxPlaces).map((place) => clean(place, maxPlace)),
    isSaid: true,
    ...spent,
  };
}

function findTrouble({ result, limitResetsAtMs }: StreamReport): JudgeReport['stoppedBy'] {
  const ended = { result, limitResetsAtMs };
  // Instant and zone matter only for when a limit resets.
  const trouble = troubleInResult(ended, new Date(0), 'UTC');
  return trouble !== undefined && isPassing(trouble.cause) ? ended : undefined;
}

function whyNone({ end, error }: CommandOutcome, { result, lastError }: StreamReport, timeoutMs: number): string {
  switch (end) {
    case 'cancelled':
      return 'was cancelled';
    case 'timed-out':
      return `the judge ran out of time at ${formatDuration(timeoutMs)}`;
    case 'stalled':
      return 'the judge gave no sign of life';
    case 'terminated':
      return 'the host stopped the judge';
    case 'could-not-start':
      return `the judge could not be started: ${error ?? 'no reason is known'}`;
    case 'exited':
    case 'hung':
    case 'background-ended':
    case 'lost':
  }
  if (result === null) return end === 'lost' ? 'the judge was interrupted' : 'the judge ended without a result';
  if (result.subtype === 'error_max_budget_usd') return 'the budget is used up';
  if (!result.isError) return 'the judge gave no verdict';
  const [line = ''] = (result.text || lastError || result.subtype).split('\n');
  return `the judge reported an error: ${cutLine(line, maxReason)}`;
}
