import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { claudeArguments, type ClaudeOptions } from '../../src/runner/claude-arguments.ts';
import type { ScriptedModel } from './scripted-model.ts';

/** The real CLI of this checkout. */
export const claudePath = fileURLToPath(new URL('../../node_modules/.bin/claude', import.meta.url));

export interface ClaudeRun {
  exitCode: number | null;
  /** The lines of the stream. */
  lines: string[];
  stderr: string;
}

interface ClaudeRunOptions {
  model: ScriptedModel;
  prompt?: string;
  options?: Partial<ClaudeOptions>;
  login?: 'api-key' | 'subscription';
  /** Sends SIGINT once this file is in the workspace. */
  interruptOnce?: string;
}

export interface ClaudeFolder {
  workspace: string;
  home: string;
  run(options: ClaudeRunOptions): Promise<ClaudeRun>;
  remove(): void;
}

/** A folder of its own with a home and a workspace, in which the real CLI runs as nightdesk starts it. */
export function makeClaudeFolder(): ClaudeFolder {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nightdesk-claude-')));
  const [workspace, home, temporary] = ['workspace', 'home', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [workspace, home, temporary]) mkdirSync(path);

  return {
    workspace,
    home,
    async run({ model, prompt = 'Do it.', options = {}, login = 'api-key', interruptOnce }) {
      const args = claudeArguments({
        sessionId: randomUUID(),
        permissionMode: 'acceptEdits',
        allowedTools: ['Bash'],
        ignoresWorkspaceSettings: false,
        ...options,
      });
      // A file, as nightdesk does it.
      const stream = join(temporary, 'stream.jsonl');
      const stdout = openSync(stream, 'w');
      const child = spawn(claudePath, args, {
        cwd: workspace,
        env: { ...model.env(home, login), TMPDIR: temporary },
        stdio: ['pipe', stdout, 'pipe'],
      });
      closeSync(stdout);
      const closed = once(child, 'close');
      let stderr = '';
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
      child.stdin?.end(prompt);
      if (interruptOnce !== undefined) {
        await waitForFile(join(workspace, interruptOnce));
        child.kill('SIGINT');
      }
      const [exitCode] = (await closed) as [number | null];
      return { exitCode, lines: readFileSync(stream, 'utf8').trim().split('\n'), stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function waitForFile(path: string): Promise<void> {
  const deadlineMs = Date.now() + 20_000;
  while (!existsSync(path)) {
    if (Date.now() > deadlineMs) throw new Error(`${path} never came`);
    await pause(20);
  }
}
