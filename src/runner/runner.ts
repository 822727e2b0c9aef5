import type { AttemptProgress, AttemptReport, AttemptRequest } from '../model/attempt.ts';

/** A file of an attempt that people may read; masked. */
export type AttemptFile = 'transcript' | 'patch';

/**
 * The port to whatever runs attempts. It is message-shaped: no promise spans an attempt, and `start` with a request it
 * knows goes on where that attempt is, so that a restarted bot hands in its running attempts once more.
 */
export interface Runner {
  /** Sets the callbacks. `onReport` comes once an attempt in the life of this runner. */
  listen(handlers: RunnerHandlers): void;
  start(request: AttemptRequest): void;
  /** Ends the attempt, whichever step it is in; its report follows. Unknown ids are ignored. */
  cancel(attemptId: string): void;
  /** Reads up to `maxBytes` from byte `offset`; an empty result is the end for now. */
  read(attemptId: string, file: AttemptFile, offset: number, maxBytes: number): Promise<Buffer>;
  /** How many bytes the file has by now; 0 where it is not there. */
  size(attemptId: string, file: AttemptFile): Promise<number>;
  /** Lets go of everything; supervised commands go on. */
  stop(): Promise<void>;
}

export interface RunnerHandlers {
  onProgress(progress: AttemptProgress): void;
  onReport(report: AttemptReport): void;
}
