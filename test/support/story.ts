import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { onTestFinished } from 'vitest';

import type { DeskSettings } from '../../src/desk/desk-settings.ts';
import type { Project } from '../../src/model/project.ts';
import { isFinal, type RunStatus } from '../../src/model/run.ts';
import { createRunner } from '../../src/runner/create-runner.ts';
import type { ClaudeSettings, RunnerLimits } from '../../src/runner/attempt.ts';
import { startDesk, testProject, type DeskFixture } from './desk-fixture.ts';
import { claudePath } from './run-claude.ts';
import type { Script } from './script.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model.ts';
import { makeRepository } from './temp-repository.ts';

export interface StoryOptions {
  script: Script;
  /** The project's files; by default a check script that wants `answer.txt` to say 42. */
  files?: Record<string, string>;
  project?: Partial<Project>;
  limits?: Partial<RunnerLimits>;
  claude?: Partial<Omit<ClaudeSettings, 'env'>>;
  login?: 'api-key' | 'subscription';
  settings?: Partial<DeskSettings>;
}

export interface Story extends DeskFixture {
  model: ScriptedModel;
  /** The project's folder. */
  projectPath: string;
  /** Resolves when the run has ended, or has the status. */
  until(runId: number, status?: RunStatus): Promise<void>;
  /** Stops the desk as a restart would, and starts another on the same data directory. */
  restart(): Promise<void>;
  /** Starts another desk after a stop. */
  begin(): Promise<void>;
}

/** `bash check.sh` passes once answer.txt says 42. */
export const answerProject = {
  'check.sh': 'if [ "$(cat answer.txt)" = 42 ]; then echo right; else echo "wrong: $(cat answer.txt)"; exit 3; fi\n',
  'answer.txt': '41\n',
};
export const check = '--accept "$ bash check.sh"';

/** The whole of nightdesk with the real CLI in a project of its own; a script plays the model, and the test moves time. */
export async function startStory(options: StoryOptions): Promise<Story> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-story-')));
  const home = path.join(root, 'home');
  const directory = path.join(root, 'data');
  for (const folder of [home, directory]) mkdirSync(folder);
  const projectPath = makeRepository(path.join(root, 'project'), options.files ?? answerProject);
  const model = await startScriptedModel(options.script);
  const project = testProject({ path: projectPath, ...options.project });
  const start = async (from: Date): Promise<DeskFixture> =>
    startDesk({
      directory,
      start: from,
      projects: [project],
      settings: options.settings ?? {},
      runner: createRunner({
        dataDirectory: directory,
        claude: {
          command: [claudePath],
          env: model.env(home, options.login),
          permissionMode: 'acceptEdits',
          allowedTools: ['Bash'],
          ...options.claude,
        },
        secrets: [],
        limits: { interruptGraceMs: 1_000, terminateGraceMs: 300, ...options.limits },
        onFault: (error) => console.error(error),
      }),
    });
  const fixture = await start(new Date('2026-11-23T08:00:00Z'));
  const story: Story = {
    ...fixture,
    model,
    projectPath,
    until: (runId, status) => untilRun(story, runId, status),
    async restart() {
      await story.stop({ keep: true });
      await story.begin();
    },
    async begin() {
      Object.assign(story, await start(story.clock.now()));
    },
  };
  onTestFinished(async () => {
    for (const run of story.store.runs.withStatus('running')) await endRun(story, run.id);
    await story.stop();
    await model.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  return story;
}

async function endRun(story: Story, runId: number): Promise<void> {
  await story.say(`cancel r${runId}`);
  await untilRun(story, runId);
}

function untilRun(story: Story, runId: number, status?: RunStatus): Promise<void> {
  const isThere = (): boolean => {
    const now = story.store.runs.get(runId)?.status;
    return now !== undefined && (status === undefined ? isFinal(now) : now === status);
  };
  return new Promise((resolve) => {
    const look = (): void => void (isThere() && resolve());
    story.store.onCommit(look);
    look();
  });
}
