import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { onTestFinished } from 'vitest';

import type { AttemptProgress, AttemptReport, AttemptRequest } from '../../src/model/attempt.ts';
import type { Project } from '../../src/model/project.ts';
import type { RunnerOptions } from '../../src/runner/create-attempt.ts';
import { createRunner } from '../../src/runner/create-runner.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { claudePath } from './run-claude.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model.ts';
import type { Script } from './script.ts';
import { tempFolder } from './temp-repository.ts';

/** One life of a runner, from its creation to its stop. */
export interface RunnerLife {
  runner: Runner;
  reports: AttemptReport[];
  progress: AttemptProgress[];
  faults: unknown[];
  /** Starts the attempt and waits for its report. */
  run(request: AttemptRequest): Promise<AttemptReport>;
  /** Waits for the report of an attempt that was started. */
  reported(attemptId: string): Promise<AttemptReport>;
}

export interface RunnerPlace {
  folder: string;
  /** The project's folder; the test makes it. */
  project: string;
  data: string;
  model: ScriptedModel;
  live(options?: Partial<RunnerOptions>): RunnerLife;
  request(overrides?: Partial<Omit<AttemptRequest, 'project'>> & { project?: Partial<Project> }): AttemptRequest;
}

/** A data directory, a home and the real CLI against a scripted model, all of which go with the test. */
export async function makeRunnerPlace(script: Script): Promise<RunnerPlace> {
  const folder = tempFolder();
  const [project, data, home] = ['project', 'data', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(home);
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());

  return {
    folder,
    project,
    data,
    model,
    live(options = {}) {
      const life = startLife({
        dataDirectory: data,
        claude: {
          command: [claudePath],
          env: { ...model.env(home), GIT_CONFIG_NOSYSTEM: '1' },
          permissionMode: 'acceptEdits',
          allowedTools: ['Bash'],
        },
        secrets: [],
        onFault: () => {},
        ...options,
      });
      onTestFinished(() => life.runner.stop());
      return life;
    },
    request({ project: projectOverrides, ...overrides } = {}) {
      const run = overrides.run ?? 142;
      const attempt = overrides.attempt ?? 1;
      return {
        attemptId: `r${run}-${attempt}`,
        run,
        attempt,
        jobName: 'tidy',
        project: {
          name: 'api',
          path: project,
          workspace: 'worktree',
          copy: [],
          allowedTools: [],
          checks: [],
          ...projectOverrides,
        },
        goal: 'Tidy up the project.',
        checks: [],
        sessionId: randomUUID(),
        timeoutMs: 60_000,
        branch: `nightdesk/tidy/r${run}`,
        ...overrides,
      };
    },
  };
}

function startLife(options: RunnerOptions): RunnerLife {
  const reports: AttemptReport[] = [];
  const progress: AttemptProgress[] = [];
  const faults: unknown[] = [];
  const runner = createRunner({
    ...options,
    onFault: (error) => {
      faults.push(error);
      options.onFault(error);
    },
  });
  runner.listen({ onProgress: (one) => progress.push(one), onReport: (report) => reports.push(report) });
  const reported = async (attemptId: string): Promise<AttemptReport> => {
    await until(() => reports.some((report) => report.attemptId === attemptId));
    return reports.find((report) => report.attemptId === attemptId)!;
  };
  return {
    runner,
    reports,
    progress,
    faults,
    reported,
    run(request) {
      runner.start(request);
      return reported(request.attemptId);
    },
  };
}

/** Waits for a condition that another process brings about. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 25_000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`never came: ${condition.toString()}`);
    await pause(15);
  }
}

export const untilExists = (path: string): Promise<void> => until(() => existsSync(path));
