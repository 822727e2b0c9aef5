import { expect, test } from 'vitest';

import { renderText } from '../../../src/bots/render-text.ts';
import type { Run } from '../../../src/db/runs.ts';
import { renderRunLine } from '../../../src/desk/texts/run-line.ts';

test.each([
  [0.004, 'less than $0.01'],
  [1.116, 'about $1.12'],
  [0, ''],
])('a run of $%d is listed with %j', (costUsd, text) => {
  const at = new Date('2026-11-23T08:00:00Z');
  const run = {
    id: 1,
    spec: { jobName: 'mend' },
    status: 'succeeded',
    costUsd,
    queuedAt: at,
    startedAt: at,
    endedAt: at,
  };
  const listed = renderText([renderRunLine(run as unknown as Run)], 'UTC');
  expect(listed).toBe(`✅ mend r1 succeeded · Mon 23 Nov 2026, 08:00 UTC · 0 s${text === '' ? '' : ` · ${text}`}`);
});
