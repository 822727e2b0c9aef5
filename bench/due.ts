import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { claudePath } from '../test/support/run-claude.ts';
import { say } from '../test/support/script.ts';
import { startScriptedModel } from '../test/support/scripted-model.ts';
import { makeRepository } from '../test/support/temp-repository.ts';
import { withBot } from './desk-process.ts';
import { medianOf, ms, printFigures } from './measure.ts';

const rounds = 9;
const files = { 'README.md': 'A project.\n' };

/** From the instant at which a job is due to the end of its run, over bare `claude -p` with the same script and a warm home. */
export async function benchDue(): Promise<void> {
  const model = await startScriptedModel(() => say('Nothing is left to do.'));
  const bareHome = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-bench-')));
  makeRepository(path.join(bareHome, 'project'), files);
  const bare: number[] = [];
  const due: number[] = [];
  try {
    const options = {
      command: [claudePath],
      env: (home: string) => model.env(home),
      files,
    };
    await withBot(options, async ({ type, ended }) => {
      // The first of each warms its home.
      for (let round = 0; round <= rounds; round += 1) {
        bare.push(await runBare(model.env(bareHome), bareHome));
        await type('schedule do what is left --project api --when "in 2 seconds"');
        const run = await ended(round + 1);
        if (run.status !== 'unverified') throw new Error(`the run ended as ${run.status}`);
        due.push(Date.parse(run.endedAt) - Date.parse(run.dueAt ?? ''));
      }
    });
  } finally {
    await model.close();
    rmSync(bareHome, { recursive: true, force: true, maxRetries: 5 });
  }
  const [alone, whole] = [medianOf(bare.slice(1)), medianOf(due.slice(1))];
  printFigures(`Due → outcome, ${rounds} runs after one that warms the home`, [
    { what: 'bare `claude -p`', value: ms(alone), goal: 'none', isMet: true },
    {
      what: 'due → outcome, in a worktree of its own',
      value: `${ms(whole)}, ${(whole / alone).toFixed(2)} × the bare one, ${ms(whole - alone)} more`,
      goal: '≤ 300 ms more',
      isMet: whole - alone <= 300,
    },
  ]);
}

async function runBare(env: Record<string, string>, home: string): Promise<number> {
  const workspace = path.join(home, 'project');
  const startedAt = performance.now();
  const args = ['-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits'];
  const child = spawn(claudePath, args, { cwd: workspace, env, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin?.end('do what is left');
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`claude ended with ${code}`);
  return performance.now() - startedAt;
}
