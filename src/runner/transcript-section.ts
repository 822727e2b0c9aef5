import { copyFileSync, existsSync, renameSync, statSync } from 'node:fs';

import type { Attempt } from './attempt.ts';
import { openResumedFile } from './resumed-file.ts';
import { createTranscript, type Transcript } from './stream/transcript.ts';

/** Writes a section of its own behind what the attempt's transcript has so far; after a restart at the same place. */
export async function inTranscript<T>(
  attempt: Attempt,
  title: string,
  startedAtMs: number,
  tell: (transcript: Transcript) => Promise<T>,
): Promise<T> {
  const file = openResumedFile(attempt.paths.transcript, attempt.transcriptBytes);
  try {
    if (attempt.transcriptBytes > 0) file.write('\n\n');
    const { mask } = attempt;
    return await tell(createTranscript({ title, startedAtMs, write: (text) => file.write(text), mask }));
  } finally {
    attempt.transcriptBytes = file.position();
    file.close();
  }
}

/** Begins the attempt's transcript with that of the attempt whose work it goes on with. A backup has left a large one out. */
export function takeUpTranscript(attempt: Attempt, before: string): void {
  const { transcript } = attempt.paths;
  if (!existsSync(before)) return;
  if (!existsSync(transcript)) {
    const draft = `${transcript}.new`;
    copyFileSync(before, draft);
    renameSync(draft, transcript);
  }
  attempt.transcriptBytes = statSync(before).size;
}
