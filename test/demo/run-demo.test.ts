import { expect, test } from 'vitest';

import { answerAsModel } from '../../demo/model-script.ts';
import { runDemo } from '../../demo/run-demo.ts';
import { say, type Script } from '../support/script.ts';

async function play(script: Script): Promise<{ isTold: boolean; text: string }> {
  const lines: string[] = [];
  const signal = new AbortController().signal;
  const isTold = await runDemo({ script, port: 0, signal, log: (line) => void lines.push(line) });
  return { isTold, text: lines.join('\n') };
}

test('the demo tells the whole story with the real Claude Code', async () => {
  const { isTold, text } = await play(answerAsModel);
  expect(text).toContain('✅ mend-discount r1 succeeded on attempt 2');
  expect(text).not.toContain('It did not happen');
  expect(isTold).toBe(true);
}, 90_000);

test('a demo whose story goes another way says which step did not happen', async () => {
  const { isTold, text } = await play(() => say('I would rather not.'));
  expect(text).toContain('It did not happen that the second attempt succeeded.');
  expect(isTold).toBe(false);
}, 90_000);
