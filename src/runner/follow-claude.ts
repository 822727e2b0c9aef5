import { setTimeout as pause } from 'node:timers/promises';

import type { ClaudeReport, CommandOutcome } from '../model/attempt.ts';
import { runLabel } from '../model/run.ts';
import type { Attempt } from './attempt.ts';
import { readOutput } from './read-output.ts';
import { openResumedFile } from './resumed-file.ts';
import { createClaudeStream } from './stream/claude-stream.ts';
import { createLineReader } from './stream/json-lines.ts';
import { readClaudeLine } from './stream/read-claude-line.ts';
import { createTranscript } from './stream/transcript.ts';
import { commandFolder } from './supervisor/command-folder.ts';
import { createTimedFollower } from './timed-follower.ts';

const pollMs = 100;

/**
 * Follows Claude Code's stream from its start until the process has ended: writes the transcript, tells the progress and
 * returns what is known in the end. Done again after a restart it tells the same. `undefined`: Claude was not started.
 */
export async function followClaude(
  attempt: Attempt,
  startedAtMs: number,
  outcome: Promise<CommandOutcome | undefined>,
): Promise<ClaudeReport | undefined> {
  const { request, mask, now, paths, progress } = attempt;
  const folder = commandFolder(paths.step('claude'));
  const file = openResumedFile(paths.transcript);
  const stream = createClaudeStream(mask);
  let atMs = startedAtMs;
  // Written a chunk at a time: a system call for each entry of a fast stream would cost more than its text.
  const told: string[] = [];
  const flush = (): void => {
    if (told.length > 0) file.write(told.splice(0).join(''));
  };
  const transcript = createTranscript({
    title: `${request.jobName} · ${runLabel(request.run)} · attempt ${request.attempt}`,
    startedAtMs,
    write: (text) => void told.push(text),
    mask,
  });
  const reader = createLineReader({
    onLine(text) {
      const line = readClaudeLine(text);
      stream.push(line, atMs);
      transcript.push(line, atMs);
    },
    onLongLine: (type, bytes) => transcript.pushLong(type, bytes, atMs),
  });
  const follower = createTimedFollower({
    path: folder.stream,
    timesPath: paths.memo('stream-times'),
    now,
    onBytes(chunk, readAtMs) {
      atMs = readAtMs;
      reader.push(chunk);
      flush();
    },
  });
  try {
    flush();
    await readUntilOver(outcome, async () => {
      await follower.readOn();
      const { current, toolCalls } = stream.progress();
      progress.claude(current, toolCalls);
    });
    const ended = await outcome;
    if (ended === undefined) return undefined;
    await follower.readOn();
    reader.end();
    transcript.end(ended);
    flush();
    return { ...stream.report(ended.endedAtMs), outcome: ended, stderrTail: readOutput(folder.stderr, mask).output };
  } finally {
    attempt.transcriptBytes = file.position();
    follower.close();
    file.close();
  }
}

async function readUntilOver(outcome: Promise<unknown>, readOn: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const isOver = (): void => over.abort();
  outcome.then(isOver, isOver);
  while (!over.signal.aborted) {
    await readOn();
    await pause(pollMs, undefined, { signal: over.signal }).catch(() => {});
  }
}
