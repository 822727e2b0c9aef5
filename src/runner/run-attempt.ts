import { existsSync, readdirSync } from 'node:fs';

import type { AttemptReport, AttemptRequest } from '../model/attempt.ts';
import { once, type Attempt } from './attempt.ts';
import { Detached } from './attempt-commands.ts';
import { commandEnv } from './child-env.ts';
import { remarksOnLeftovers } from './leftovers.ts';
import { maskReport } from './mask-report.ts';
import { pushWork } from './push-work.ts';
import { commitWork, recordChanges } from './record-changes.ts';
import { runChecksAfter, runChecksBefore } from './run-checks.ts';
import { hasWorked, runClaude } from './run-claude.ts';
import { runSetUp } from './run-set-up.ts';
import { StepFailure } from './step-failure.ts';
import { commandFolder } from './supervisor/command-folder.ts';
import { takeUpTranscript } from './transcript-section.ts';
import { mayPass } from './walk-again.ts';
import { openWorkspace } from './workspace/open-workspace.ts';
import type { Workspace } from './workspace/workspace.ts';

type Facts = Pick<
  AttemptReport,
  | 'failedStep'
  | 'checksBefore'
  | 'claude'
  | 'checksAfter'
  | 'judge'
  | 'changedChecks'
  | 'changes'
  | 'transcriptPath'
  | 'patchPath'
  | 'push'
> & { workspace: Workspace | null };

const nothingYet: Omit<Facts, 'workspace'> = {
  failedStep: null,
  checksBefore: [],
  claude: null,
  checksAfter: [],
  judge: null,
  changedChecks: [],
  changes: null,
  transcriptPath: null,
  patchPath: null,
};

/**
 * Walks an attempt from its workspace to its report. Called again with the same request after a restart it walks the same
 * way: what a supervised command did is in its folder, what git did is recorded, so that nothing is done twice. Where the
 * attempt is cancelled, no further command starts, but one that runs is waited for. Rejects with `Detached`, and with a fault of
 * the host that may pass, which ends nothing that runs: it can be walked again.
 */
export async function runAttempt(attempt: Attempt, onFault: (error: unknown) => void): Promise<AttemptReport> {
  const facts: Facts = { ...nothingYet, workspace: null };
  let startedAtMs = attempt.now().getTime();
  try {
    startedAtMs = await once(attempt, 'started', () => startedAtMs);
    await walk(attempt, facts, startedAtMs);
    if (facts.workspace !== null) {
      Object.assign(facts, await recordChanges(attempt, facts.workspace));
      facts.push = await pushWork(attempt, facts.workspace, reportOf(attempt, facts, startedAtMs));
    }
  } catch (error) {
    await explain(attempt, facts, error, onFault);
  }
  return reportOf(attempt, facts, startedAtMs);
}

async function walk(attempt: Attempt, facts: Facts, startedAtMs: number): Promise<void> {
  const workspace = await prepareWorkspace(attempt);
  facts.workspace = workspace;
  if (!(await runSetUp(attempt, workspace))) return;
  const { workDone } = attempt.request;
  if (attempt.request.attempt === 1) facts.checksBefore = await runChecksBefore(attempt, workspace);
  if (workDone?.transcriptPath != null) takeUpTranscript(attempt, workDone.transcriptPath);
  const claude = workDone === undefined ? await runClaude(attempt, workspace, startedAtMs) : workDone.claude;
  if (claude === undefined) return;
  facts.claude = claude;
  facts.transcriptPath = attempt.paths.transcript;
  if (!existsSync(workspace.root)) {
    throw new StepFailure(
      'workspace',
      `the folder that Claude worked in is gone, with what was not committed: ${workspace.root}`,
    );
  }
  await commitWork(attempt, workspace);
  if (hasWorked(claude)) Object.assign(facts, await runChecksAfter(attempt, workspace, claude));
}

async function prepareWorkspace(attempt: Attempt): Promise<Workspace> {
  const { request, git, lock, limits, claude, runPaths } = attempt;
  attempt.progress.step('workspace');
  return await once(attempt, 'workspace', async (remark) => {
    const signal = AbortSignal.any([attempt.cancel, attempt.stop]);
    signal.throwIfAborted();
    const { fetchTimeoutMs } = limits;
    const env = commandEnv(claude.env);
    return await openWorkspace({ git, lock, paths: runPaths, env, fetchTimeoutMs, signal, remark }, request);
  });
}

async function explain(
  attempt: Attempt,
  facts: Facts,
  error: unknown,
  onFault: (error: unknown) => void,
): Promise<void> {
  if (attempt.stop.aborted) throw error instanceof Detached ? error : new Detached();
  if (error instanceof StepFailure) {
    facts.failedStep = { step: error.step, message: error.message, output: error.output };
    return;
  }
  // The git command of the moment was ended: the report says that the attempt was cancelled.
  if (attempt.cancel.aborted && error instanceof Error && error.name === 'AbortError') return;
  if (mayPass(error) && !(attempt.cancel.aborted && !hasCommand(attempt))) throw error;
  onFault(error);
  facts.failedStep = faultStep(error);
  try {
    await attempt.commands.abandon();
  } catch (second) {
    if (attempt.stop.aborted) throw new Detached();
    onFault(second);
  }
}

/** Whether a command of the attempt was ever started, in this walk or before. */
function hasCommand({ paths }: Attempt): boolean {
  const names = existsSync(paths.folder) ? readdirSync(paths.folder) : [];
  return names.some((name) => existsSync(commandFolder(paths.step(name)).request));
}

function reportOf(attempt: Attempt, facts: Facts, startedAtMs: number): AttemptReport {
  const { workspace, ...rest } = facts;
  const report: AttemptReport = {
    v: 1,
    attemptId: attempt.request.attemptId,
    startedAtMs,
    endedAtMs: attempt.now().getTime(),
    workspace: workspace && {
      kind: workspace.kind,
      path: workspace.path,
      branch: workspace.branch,
      baseCommit: workspace.baseCommit,
    },
    remarks: [...attempt.remarks, ...remarksOnLeftovers(attempt.commands.ended())],
    ...rest,
    isCancelled: attempt.cancel.aborted,
    treeProven: attempt.commands.isTreeProven(),
  };
  return maskReport(report, attempt.mask);
}

function faultStep(error: unknown): NonNullable<AttemptReport['failedStep']> {
  const message = error instanceof Error ? error.message : String(error);
  return { step: 'workspace', message: `nightdesk itself failed: ${message}`, output: '' };
}

/** The report of an attempt that a fault kept from being begun. */
export function faultReport(request: AttemptRequest, error: unknown, at: Date): AttemptReport {
  return {
    v: 1,
    attemptId: request.attemptId,
    startedAtMs: at.getTime(),
    endedAtMs: at.getTime(),
    workspace: null,
    remarks: [],
    ...nothingYet,
    failedStep: faultStep(error),
    isCancelled: false,
    treeProven: false,
  };
}
