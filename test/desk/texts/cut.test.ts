import { expect, test } from 'vitest';

import { clipInlines } from '../../../src/desk/texts/clip-inlines.ts';
import { lastLines } from '../../../src/desk/texts/check-lines.ts';
import { renderRunView } from '../../../src/desk/texts/run-view.ts';
import { renderResult } from '../../../src/desk/texts/thread.ts';
import type { Attempt } from '../../../src/db/attempts.ts';
import type { Run } from '../../../src/db/runs.ts';
import { shorten } from '../../../src/model/known-trouble.ts';
import { code } from '../../../src/model/message.ts';
import { fakeClaude, fakeReport } from '../../support/fake-runner.ts';

/** Half of a character is no text: Discord takes no message with one, and elsewhere it is shown as a question mark. */
const isWhole = (shown: unknown): boolean => !JSON.stringify(shown).includes('\\ud');

const now = new Date('2026-11-23T08:00:00Z');

function ended(words: string, status: 'succeeded' | 'failed') {
  const result = { subtype: 'success', isError: false, apiErrorStatus: null, terminalReason: 'completed', text: words };
  const report = fakeReport({ attemptId: 'r1-1', claude: fakeClaude({ result }) });
  const cause = status === 'succeeded' ? 'done' : 'check-failed';
  const attempt = {
    id: 'r1-1',
    runId: 1,
    number: 1,
    report,
    cause,
    reason: [],
    startedAt: now,
    endedAt: now,
  } as unknown;
  const spec = { jobName: 'mend', checks: [], project: 'api' };
  const run = { id: 1, spec, status, costUsd: 0, attemptsUsed: 1, startedAt: now, endedAt: now } as unknown;
  return { run: run as Run, attempts: [attempt as Attempt], isRetryable: true, now };
}

test.each([
  ['the words under a headline', 599, (text: string) => renderRunView(ended(text, 'succeeded'))],
  [
    'the words in a thread',
    1_500,
    (text: string) => renderResult(ended(text, 'failed').run, ended(text, 'failed').attempts),
  ],
  ['a line of output', 300, (text: string) => lastLines(text, 1)],
  ['a line of trouble', 199, shorten],
  ['a reason in the digest', 159, (text: string) => clipInlines([text], 160)],
  ['code in the digest', 159, (text: string) => clipInlines([code(text)], 160)],
])('%s are cut between two characters', (_what, limit, show) => {
  for (const before of [limit - 2, limit - 1, limit]) {
    const shown = show(`${'x'.repeat(before)}${'👩'.repeat(20)}`);
    expect(JSON.stringify(shown)).toContain('…');
    expect(isWhole(shown)).toBe(true);
  }
});
