import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { AttemptReport, AttemptRequest } from '../model/attempt.ts';
import { runLabel } from '../model/run.ts';
import { Detached } from './attempt-commands.ts';
import { attemptFactory, currentTime, type RunnerOptions } from './create-attempt.ts';
import { findJson, writeDurably } from './durable-file.ts';
import { claimFolder } from './claim-folder.ts';
import { createPaths } from './paths.ts';
import { attemptFileSize, readAttemptFile } from './read-attempt-file.ts';
import { faultReport, runAttempt } from './run-attempt.ts';
import type { Runner, RunnerHandlers } from './runner.ts';
import { walkAgain } from './walk-again.ts';

/** The runner of this machine: each attempt has a folder of its own under the data directory. */
export function createRunner(options: RunnerOptions): Runner {
  const { now = currentTime, onFault } = options;
  const paths = createPaths(options.dataDirectory);
  const createAttempt = attemptFactory(options, paths);
  const stop = new AbortController();
  const live = new Map<string, { request: AttemptRequest; cancel: AbortController; over: Promise<void> }>();
  /** Every attempt that was handed in: its report is told once. */
  const known = new Set<string>();
  let handlers: RunnerHandlers | undefined;

  const faultIn =
    ({ attemptId: attempt, run, jobName: job }: AttemptRequest) =>
    (error: unknown): void =>
      onFault(error, { run: runLabel(run), attempt, job });

  function tell(request: AttemptRequest, call: (to: RunnerHandlers) => void): void {
    if (stop.signal.aborted || handlers === undefined) return;
    try {
      call(handlers);
    } catch (error) {
      faultIn(request)(error);
    }
  }

  async function walk(request: AttemptRequest, cancel: AbortController, letGo: AbortSignal): Promise<AttemptReport> {
    const files = paths.attempt(request.run, request.attempt);
    claimFolder(paths, request, now());
    const ended = findJson(files.report) as AttemptReport | undefined;
    if (ended !== undefined) return ended;
    if (findJson(files.cancelled) !== undefined) cancel.abort();
    const signals = { cancel: cancel.signal, stop: AbortSignal.any([stop.signal, letGo]) };
    const attempt = createAttempt(request, signals, (progress) => tell(request, (to) => to.onProgress(progress)));
    const report = await runAttempt(attempt, faultIn(request)).finally(() => attempt.progress.stop());
    try {
      writeDurably(files.report, JSON.stringify(report));
    } catch (error) {
      // What is known is told all the same; after a restart the attempt is walked through once more.
      faultIn(request)(error);
    }
    return report;
  }

  const runToReport = (request: AttemptRequest, cancel: AbortController): Promise<AttemptReport> =>
    walkAgain((letGo) => walk(request, cancel, letGo), {
      stop: stop.signal,
      cancel: cancel.signal,
      onFault: faultIn(request),
    });

  async function drive(request: AttemptRequest, cancel: AbortController): Promise<void> {
    let report: AttemptReport;
    try {
      report = await runToReport(request, cancel);
    } catch (error) {
      if (error instanceof Detached) return;
      faultIn(request)(error);
      report = faultReport(request, error, now());
    }
    live.delete(request.attemptId);
    tell(request, (to) => to.onReport(report));
  }

  return {
    listen(given) {
      handlers = given;
    },
    start(request) {
      if (handlers === undefined) throw new Error('A runner is listened to before it starts anything.');
      if (stop.signal.aborted || known.has(request.attemptId)) return;
      known.add(request.attemptId);
      const cancel = new AbortController();
      // Not before the caller is done, and its answer is out: the first files are synced one by one, which may take its time.
      const over = nextTurn().then(() => drive(request, cancel));
      live.set(request.attemptId, { request, cancel, over });
    },
    cancel(attemptId) {
      const attempt = live.get(attemptId);
      if (attempt === undefined || attempt.cancel.signal.aborted) return;
      const files = paths.attempt(attempt.request.run, attempt.request.attempt);
      try {
        // Recorded first, so that it holds whatever happens to this process next.
        mkdirSync(files.folder, { recursive: true, mode: 0o700 });
        writeDurably(files.cancelled, JSON.stringify({ v: 1, atMs: now().getTime() }));
      } catch (error) {
        faultIn(attempt.request)(error);
      }
      attempt.cancel.abort();
    },
    read: (attemptId, file, offset, maxBytes) => readAttemptFile(paths, attemptId, file, offset, maxBytes),
    size: (attemptId, file) => attemptFileSize(paths, attemptId, file),
    async stop() {
      stop.abort(new Detached());
      await Promise.all([...live.values()].map(({ over }) => over));
    },
  };
}
