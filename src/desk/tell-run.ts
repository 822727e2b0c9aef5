import type { Change } from '../db/store.ts';
import type { AttemptProgress } from '../model/attempt.ts';
import { person, line, type Inline } from '../model/message.ts';
import { isFinal, runLabel } from '../model/run.ts';
import type { DeskSettings } from './desk-settings.ts';
import { isRetryable } from './is-retryable.ts';
import { showJob } from './show-job.ts';
import { showView } from './show-view.ts';
import { ordinalOf } from './texts/run-facts.ts';
import { renderRunView } from './texts/run-view.ts';
import { attemptFiles, renderAttemptFailed, renderResult } from './texts/thread.ts';

export const runViewKey = (runId: number): string => `run:${runId}`;

/** Writes the run's status message as it is to be from now on. */
export function showRun(change: Change, runId: number, now: Date, progress?: AttemptProgress): void {
  const run = change.runs.get(runId);
  if (run === undefined) return;
  const attempts = change.attempts.ofRun(runId);
  showView(
    change,
    {
      key: runViewKey(runId),
      channel: run.spec.channel,
      body: renderRunView({ run, attempts, progress, now, isRetryable: isRetryable(change, run) }),
    },
    now,
  );
}

/** Whether the run's status message is there, or on its way: what is old goes from the page, and would be shown as news. */
export function hasMessage(change: Change, runId: number): boolean {
  const view = change.outbox.view(runViewKey(runId));
  return view !== undefined && (view.messageRef !== null || view.deliveredRevision < view.revision);
}

/** Tells in the thread how an attempt ended that another one follows. */
export function tellAttemptFailed(change: Change, attemptId: string, next: Inline[], now: Date): void {
  const attempt = change.attempts.get(attemptId);
  const run = attempt && change.runs.get(attempt.runId);
  if (attempt === undefined || run === undefined) return;
  const ordinal = ordinalOf(change.attempts.ofRun(run.id), attempt);
  change.outbox.post(
    {
      key: `${runViewKey(run.id)}:attempt:${attempt.number}`,
      channel: run.spec.channel,
      threadOf: runViewKey(run.id),
      body: renderAttemptFailed(attempt, ordinal, next),
      attachments: attemptFiles(attempt, ordinal, false),
    },
    now,
  );
}

/** Tells the end of a run: the headline, the proof in the thread, and the owner where the job says so. */
export function tellRunEnded(change: Change, settings: DeskSettings, runId: number, now: Date): void {
  showRun(change, runId, now);
  const run = change.runs.get(runId);
  if (run === undefined || !isFinal(run.status)) return;
  // It can be run by hand and deleted again.
  showJob(change, settings, run.jobId, now);
  // It can be retried again, now that this retry of it has ended.
  if (run.retryOf !== null) showRun(change, run.retryOf, now);
  const attempts = change.attempts.ofRun(runId);
  const last = attempts.at(-1);
  const base = { channel: run.spec.channel, threadOf: runViewKey(runId) };
  change.outbox.post(
    {
      ...base,
      key: `${runViewKey(runId)}:result`,
      body: renderResult(run, attempts),
      attachments:
        last === undefined ? [] : attemptFiles(last, ordinalOf(attempts, last), (last.report?.changes?.files ?? 0) > 0),
    },
    now,
  );
  const { notify } = run.spec.settings;
  const isFailure = run.status !== 'succeeded' && run.status !== 'unverified' && run.status !== 'cancelled';
  if (notify === 'never' || (notify === 'failure' && !isFailure)) return;
  const [headline] = renderRunView({ run, attempts, now, isRetryable: true });
  const told = headline?.kind === 'line' ? headline.content : [runLabel(runId)];
  change.outbox.post(
    {
      ...base,
      key: `${runViewKey(runId)}:notify`,
      body: [line(person(run.spec.owner), ' ', ...told)],
      mention: run.spec.owner,
    },
    now,
  );
}
