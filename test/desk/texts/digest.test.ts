import { expect, test } from 'vitest';

import { renderText } from '../../../src/bots/render-text.ts';
import type { Run } from '../../../src/db/runs.ts';
import { renderDigest, type DigestFacts } from '../../../src/desk/texts/digest.ts';
import { code, type Inline } from '../../../src/model/message.ts';
import type { RunStatus } from '../../../src/model/run.ts';
import { usualPolicies } from '../../support/usual-policies.ts';

const monday = new Date('2026-11-23T07:00:00Z');
const hourMs = 3_600_000;

function run(id: number, jobName: string, status: RunStatus, change: Partial<Run> = {}): Run {
  const startedAt = new Date('2026-11-23T01:00:00Z');
  return {
    id,
    jobId: id,
    spec: {
      jobName,
      goal: '',
      project: 'api',
      checks: [],
      settings: { timeoutMs: 1, retries: 0, notify: 'never', ...usualPolicies },
      channel: 'web:general',
      owner: 'web:ada',
    },
    project: 'api',
    trigger: 'schedule',
    dueAt: null,
    requestedBy: null,
    retryOf: null,
    note: null,
    waitsForOlder: false,
    status,
    reason: null,
    waitReason: null,
    cancelledBy: null,
    currentAttemptId: null,
    attemptsUsed: 1,
    overloads: 0,
    deferredUntil: null,
    costUsd: 0.5,
    queuedAt: startedAt,
    startedAt,
    endedAt: new Date(startedAt.getTime() + 20 * 60_000),
    ...change,
  };
}

const facts = (change: Partial<DigestFacts>): DigestFacts => ({
  from: new Date(monday.getTime() - 24 * hourMs),
  to: monday,
  zone: 'Europe/Berlin',
  ended: [],
  live: [],
  notRun: [],
  holds: [],
  isSubscription: false,
  commandName: '/claude',
  runUrl: ({ id }) => `https://desk.example.org/runs/r${id}`,
  ...change,
});
const told = (change: Partial<DigestFacts>): string => renderText(renderDigest(facts(change)), 'Europe/Berlin');
const failing: Inline[] = [code('npm test'), ' exits 1'];

test('fourteen results of every kind read from the worst to the best, each with its cause and its link', () => {
  const ended = [
    run(129, 'api-docs', 'succeeded', { costUsd: 0.21 }),
    run(130, 'upgrade-deps', 'failed', { attemptsUsed: 3, reason: failing, costUsd: 3.4 }),
    run(131, 'lint-sweep', 'succeeded', { attemptsUsed: 2 }),
    run(132, 'big-refactor', 'timed-out', {
      reason: ['ran out of time at 2 h, in ', code('npm run e2e'), ' (open for 41 min)'],
    }),
    run(133, 'flaky-login', 'stalled', { attemptsUsed: 2, reason: ['gave no sign of life'] }),
    run(134, 'nightly-audit', 'lost', { reason: ['its supervisor is gone'], costUsd: 0 }),
    run(135, 'tidy-docs', 'unverified', { reason: ['no checks were given'] }),
    run(136, 'release-notes', 'cancelled', { cancelledBy: 'web:ada', costUsd: 0 }),
    run(137, 'typings', 'succeeded'),
    run(138, 'changelog', 'succeeded'),
    run(139, 'seo', 'failed', { reason: ['Claude was not allowed to run ', code('gh release list')] }),
  ];
  const live = [
    run(140, 'migrate', 'running', { endedAt: null, startedAt: new Date('2026-11-23T02:00:00Z') }),
    run(141, 'bench', 'queued', {
      endedAt: null,
      startedAt: null,
      costUsd: 0,
      waitReason: ['r140 is at work, and this host runs 1 at once'],
    }),
    run(142, 'report', 'deferred', {
      endedAt: null,
      costUsd: 0,
      deferredUntil: new Date('2026-11-23T10:00:00Z'),
      waitReason: ['the Claude usage limit resets then'],
    }),
  ];
  const link = (id: number): string => `r${id} (https://desk.example.org/runs/r${id})`;
  expect(told({ ended, live })).toBe(
    [
      'Night to Monday: 14 runs · 2 failed · 1 timed out · 1 stalled · 1 lost · 2 waiting · 1 unverified · 1 cancelled · 1 running · 4 succeeded · about $7.11',
      `❌ upgrade-deps ${link(130)} failed after 3 attempts: \`npm test\` exits 1 · 20 min · about $3.40`,
      `❌ seo ${link(139)} failed: Claude was not allowed to run \`gh release list\` · 20 min · about $0.50`,
      `⏱️ big-refactor ${link(132)} ran out of time at 2 h, in \`npm run e2e\` (open for 41 min) · 20 min · about $0.50`,
      `💤 flaky-login ${link(133)} ended after 2 attempts: gave no sign of life · 20 min · about $0.50`,
      `⚠️ nightly-audit ${link(134)} is lost: its supervisor is gone · 20 min`,
      `🕔 bench ${link(141)} waits: r140 is at work, and this host runs 1 at once`,
      `🕔 report ${link(142)} waits until Mon 23 Nov 2026, 11:00 Berlin: the Claude usage limit resets then`,
      `❔ tidy-docs ${link(135)} unverified: no checks were given · 20 min · about $0.50`,
      `🛑 release-notes ${link(136)} cancelled by @ada · 20 min`,
      `⏳ migrate ${link(140)} is still running · 5 h · about $0.50`,
      `✅ api-docs ${link(129)} succeeded · 20 min · about $0.21`,
      `✅ lint-sweep ${link(131)} succeeded on attempt 2 · 20 min · about $0.50`,
      `✅ typings ${link(137)} succeeded · 20 min · about $0.50`,
      `✅ changelog ${link(138)} succeeded · 20 min · about $0.50`,
    ].join('\n'),
  );
});

test('an idle night is one line', () => {
  expect(told({})).toBe('Night to Monday: no runs. Nothing was due.');
});

test.each<[string, Partial<DigestFacts>, string]>([
  ['one run', { ended: [run(1, 'a', 'succeeded')] }, 'Night to Monday: 1 run · 1 succeeded · about $0.50'],
  [
    'a run that has not ended',
    { live: [run(1, 'a', 'running', { endedAt: null })] },
    'Night to Monday: 1 run · 1 running',
  ],
  [
    'a subscription, where nobody is billed',
    { ended: [run(1, 'a', 'succeeded')], isSubscription: true },
    'Night to Monday: 1 run · 1 succeeded · about $0.50 at API prices',
  ],
  [
    'nothing but occurrences that did not run',
    { notRun: [{ jobName: 'a', state: 'missed', count: 2, reason: 'nightdesk was not running' }] },
    'Night to Monday: no runs · 2 missed',
  ],
  [
    'the evening',
    { to: new Date('2026-11-23T17:00:00Z'), from: new Date('2026-11-22T17:00:00Z') },
    'Monday, 18:00 Berlin: no runs. Nothing was due.',
  ],
  [
    'a day of 25 hours',
    { from: new Date('2026-10-24T06:00:00Z'), to: new Date('2026-10-25T07:00:00Z') },
    'Night to Sunday: no runs. Nothing was due.',
  ],
  [
    'a digest that comes three hours late',
    { to: new Date('2026-11-23T10:00:00Z') },
    'Night to Monday (from Sun 22 Nov 2026, 08:00 Berlin to Mon 23 Nov 2026, 11:00 Berlin): no runs. Nothing was due.',
  ],
])('the headline of %s', (_what, change, expected) => {
  expect(told(change).split('\n')[0]).toBe(expected);
});

test('what did not run is a line a job, with how often and why', () => {
  const notRun: DigestFacts['notRun'] = [
    { jobName: 'tidy', state: 'missed', count: 6, reason: 'nightdesk was not running' },
    { jobName: 'tidy', state: 'skipped', count: 2, reason: 'r7 was still running' },
    { jobName: 'gone~4', state: 'skipped', count: 1, reason: 'the job is paused' },
  ];
  expect(told({ notRun })).toBe(
    [
      'Night to Monday: no runs · 3 skipped · 6 missed',
      '⏭️ tidy 6 missed: nightdesk was not running · 2 skipped: r7 was still running',
      '⏭️ gone 1 skipped: the job is paused',
    ].join('\n'),
  );
});

test('what holds every run stands above the runs', () => {
  const hold = {
    id: 1,
    cause: 'not-logged-in' as const,
    runId: 1,
    channel: 'web:ops',
    since: new Date('2026-11-23T01:10:00Z'),
    until: null,
    isUntilKnown: false,
    endedAt: null,
  };
  const live = [
    run(1, 'a', 'deferred', { endedAt: null, costUsd: 0, waitReason: ['Claude Code is not logged in on this host'] }),
  ];
  expect(told({ holds: [hold], live })).toBe(
    [
      'Night to Monday: 1 run · 1 waiting',
      '🔑 All runs wait: Claude Code is not logged in on this host, since Mon 23 Nov 2026, 02:10 Berlin. Log in there (`claude auth login`), then `/claude resume login`.',
      '🕔 a r1 (https://desk.example.org/runs/r1) waits: Claude Code is not logged in on this host',
    ].join('\n'),
  );
});

test('a long night ends in a count, and a long cause in an ellipsis', () => {
  const ended = Array.from({ length: 200 }, (_, index) =>
    run(index + 1, `job-${index}`, index === 199 ? 'failed' : 'succeeded', { reason: ['x'.repeat(500)] }),
  );
  const notRun = Array.from({ length: 15 }, (_, index) => ({
    jobName: `job-${index}`,
    state: 'skipped' as const,
    count: 1,
    reason: '',
  }));
  const lines = told({ ended, notRun }).split('\n');
  expect(lines[1]).toMatch(/^❌ job-199 r200 .* failed: x{159}… · 20 min · about \$0\.50$/);
  expect(lines[31]).toBe('… and 170 more: 170 succeeded');
  expect(lines.at(-1)).toBe('… and 5 more jobs with occurrences that did not run.');
  expect(lines).toHaveLength(1 + 30 + 1 + 10 + 1);
});
