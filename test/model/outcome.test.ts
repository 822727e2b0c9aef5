import { expect, test } from 'vitest';

import type { AttemptReport, CheckResult, ClaudeReport, CommandEnd } from '../../src/model/attempt.ts';
import type { Inline } from '../../src/model/message.ts';
import { decideOutcome, hasFinished, type AttemptCause } from '../../src/model/outcome.ts';
import { fakeCheck, fakeClaude, fakeReport, fakeSentence } from '../support/fake-runner.ts';

const report = (change: Partial<AttemptReport>): AttemptReport => fakeReport({ attemptId: 'r1-1', ...change });
const setting = { zone: 'UTC', timeoutMs: 2 * 60 * 60_000 };
const passing = [fakeCheck('npm test', 0)];
const failing = [fakeCheck('npm test', 1)];
const ended = (end: CommandEnd, change: Partial<ClaudeReport> = {}): ClaudeReport =>
  fakeClaude({ outcome: { ...fakeClaude().outcome, end }, ...change });
const result = (change: Partial<NonNullable<ClaudeReport['result']>>): ClaudeReport =>
  fakeClaude({
    result: { subtype: 'success', isError: false, apiErrorStatus: null, terminalReason: null, text: '', ...change },
  });
const textOf = (reason: Inline[]): string =>
  reason.map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : '')).join('');
const denials = [{ tool: 'Bash', detail: 'gh release list' }];

test.each<[string, Partial<AttemptReport>, AttemptCause, string]>([
  ['passing checks', { checksAfter: passing }, 'done', ''],
  ['passing checks and nothing changed', { checksAfter: passing, changes: null }, 'done', ''],
  ['a failing check', { checksAfter: failing }, 'check-failed', 'npm test exits 1'],
  [
    'one failing check of two',
    { checksAfter: [...passing, fakeCheck('npm run lint', 2)] },
    'check-failed',
    'npm run lint exits 2',
  ],
  ['no checks', { checksAfter: [] }, 'unverified', 'no checks were given'],
  ['a cancel between two steps', { isCancelled: true, claude: null }, 'cancelled', ''],
  ['a cancel of Claude, though checks pass', { claude: ended('cancelled'), checksAfter: passing }, 'cancelled', ''],
  [
    'a failed set-up',
    { failedStep: { step: 'set-up', message: 'npm ci exits 1', output: '' }, claude: null },
    'set-up',
    'npm ci exits 1',
  ],
  [
    'a project that is gone',
    { failedStep: { step: 'workspace', message: 'gone', output: '' }, claude: null },
    'workspace',
    'gone',
  ],
  [
    'a time limit, though checks pass',
    { claude: ended('timed-out'), checksAfter: passing },
    'timed-out',
    'ran out of time at 2 h',
  ],
  [
    'a time limit in a tool',
    { claude: ended('timed-out', { openTool: { summary: 'npm run e2e', openMs: 5_000 } }) },
    'timed-out',
    'ran out of time at 2 h, in npm run e2e (open for 5 s)',
  ],
  ['a stall', { claude: ended('stalled') }, 'stalled', 'gave no sign of life'],
  [
    'no such program',
    { claude: ended('could-not-start', { result: null }) },
    'could-not-start',
    'Claude Code could not be started',
  ],
  ['a host that stops', { claude: ended('terminated') }, 'lost', 'the host stopped it'],
  ['a dead supervisor', { claude: ended('lost', { result: null }) }, 'lost', 'its supervisor is gone'],
  ['a dead supervisor after the result', { claude: ended('lost'), checksAfter: passing }, 'done', ''],
  ['a process that hung after its result', { claude: ended('hung'), checksAfter: passing }, 'done', ''],
  ['background tasks that were ended', { claude: ended('background-ended'), checksAfter: passing }, 'done', ''],
  [
    'no result line',
    { claude: fakeClaude({ result: null }), checksAfter: passing },
    'crashed',
    'Claude Code ended without a result (exit 0)',
  ],
  [
    'no result line but words on stderr',
    { claude: fakeClaude({ result: null, stderrTail: 'warn\nInvalid API key · Please run /login\n' }) },
    'not-logged-in',
    'Claude Code is not logged in on this host',
  ],
  [
    'words of a hook on stderr',
    { claude: fakeClaude({ result: null, stderrTail: 'hook: You are not logged in to the registry\nAborted\n' }) },
    'crashed',
    'Claude Code ended without a result (exit 0): Aborted',
  ],
  [
    'success with is_error',
    { claude: result({ isError: true, text: 'API Error: 500' }), checksAfter: passing },
    'reported-error',
    'Claude Code reported an error: API Error: 500',
  ],
  [
    'a 401',
    { claude: result({ isError: true, apiErrorStatus: 401 }) },
    'not-logged-in',
    'Claude Code is not logged in on this host',
  ],
  ['a 529', { claude: result({ isError: true, apiErrorStatus: 529 }) }, 'overloaded', 'the Claude API answers 529'],
  [
    'an overload in words',
    { claude: result({ isError: true, text: 'Repeated 529 Overloaded errors' }) },
    'overloaded',
    'the Claude API is overloaded',
  ],
  [
    'no credit',
    { claude: result({ isError: true, text: 'Credit balance is too low' }) },
    'no-credit',
    'the Claude account has no credit left',
  ],
  [
    'a page for logins that Claude was at work on when it crashed',
    { claude: fakeClaude({ result: null, lastWords: 'Who is not logged in sees "Please run /login".' }) },
    'crashed',
    'Claude Code ended without a result (exit 0)',
  ],
  [
    'a long prompt',
    { claude: result({ isError: true, text: 'Prompt is too long' }) },
    'prompt-too-long',
    'the conversation grew too long for the model',
  ],
  [
    'a spent budget',
    { claude: result({ subtype: 'error_max_budget_usd', isError: true }) },
    'budget',
    'the budget is used up',
  ],
  [
    'too many turns',
    { claude: result({ subtype: 'error_max_turns' }) },
    'reported-error',
    'Claude Code reported an error: error_max_turns',
  ],
  [
    'a usage limit in words',
    { claude: result({ isError: true, text: "You've hit your session limit · resets 3:45pm" }) },
    'usage-limit',
    'the Claude usage limit is reached',
  ],
  [
    'an early end',
    { claude: result({ terminalReason: 'aborted' }), checksAfter: passing },
    'reported-error',
    'Claude Code stopped early: aborted',
  ],
  [
    'an empty run',
    { claude: fakeClaude({ assistantMessages: 0 }), checksAfter: passing },
    'nothing-said',
    'Claude ended without a word',
  ],
  ['a denied permission with passing checks', { claude: fakeClaude({ denials }), checksAfter: passing }, 'done', ''],
  [
    'a denied permission with a failing check',
    { claude: fakeClaude({ denials }), checksAfter: failing },
    'permission',
    'Claude was not allowed to run gh release list',
  ],
  [
    'a denied permission without checks',
    { claude: fakeClaude({ denials }) },
    'permission',
    'Claude was not allowed to run gh release list',
  ],
])('%s', (_what, change, cause, reason) => {
  const outcome = decideOutcome(report(change), setting);
  expect([outcome.cause, textOf(outcome.reason)]).toEqual([cause, reason]);
});

// What 2.1.330 writes in `result` where the scripted model serves these errors, with the status that it gives.
test.each<[string, number | null, AttemptCause]>([
  ['Not logged in · Please run /login', null, 'not-logged-in'],
  ['Invalid API key · Fix external API key', 401, 'not-logged-in'],
  ['Failed to authenticate. API Error: 401 OAuth token has expired.', 401, 'not-logged-in'],
  [
    'Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.',
    403,
    'not-logged-in',
  ],
  [
    'Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key',
    403,
    'not-logged-in',
  ],
  ['Login expired · Please run /login', null, 'not-logged-in'],
  // The account may not use one model: no reason to hold the jobs that use another.
  [
    'Failed to authenticate. API Error: 403 Your account does not have permission to use this model.',
    403,
    'reported-error',
  ],
  ['Credit balance is too low', 400, 'no-credit'],
  ['API Error: 402 billing', 402, 'no-credit'],
  ["You've hit your monthly spend limit · /usage-credits to raise it", 429, 'no-credit'],
  ["You've hit your monthly spend limit · resets Dec 1, 1am (Europe/Berlin)", 429, 'usage-limit'],
  ["You've hit your weekly limit", 429, 'usage-limit'],
  ["You've hit your 5-hour limit · resets 11pm (UTC)", 429, 'usage-limit'],
  ['Claude AI usage limit reached|1795342823', null, 'usage-limit'],
  ['API Error: Server is temporarily limiting requests (not your usage limit) · slow down', 429, 'overloaded'],
  ['API Error: Request rejected (429) · slow down', 429, 'overloaded'],
  ['API Error: 529 Overloaded. This is a server-side issue, usually temporary', 529, 'overloaded'],
  ['API Error: 500 Internal server error.', 500, 'overloaded'],
  ['API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)', null, 'overloaded'],
  ['Prompt is too long · the request is ~250000 tokens (limit 200000)', 400, 'prompt-too-long'],
  ['Request too large (max 32MB). Remove older images or compact the conversation.', 413, 'prompt-too-long'],
  ['API Error: 400 the request is malformed', 400, 'reported-error'],
])('%s', (text, apiErrorStatus, cause) => {
  const outcome = decideOutcome(report({ claude: result({ isError: true, text, apiErrorStatus }) }), setting);
  expect([outcome.cause, outcome.said]).toEqual([cause, cause === 'reported-error' ? undefined : text]);
});

test('what Claude says where it stopped early is not taken for the words of the CLI', () => {
  const claude = result({
    isError: true,
    subtype: 'error_max_turns',
    text: 'I mend what people see who are not logged in.',
  });
  expect(decideOutcome(report({ claude }), setting).cause).toBe('reported-error');
});

test('a usage limit knows when it resets, by the event before the words', () => {
  const byEvent = { ...result({ isError: true, text: 'limit resets 3:45pm' }), limitResetsAtMs: 1_000 };
  expect(decideOutcome(report({ claude: byEvent }), setting).resetsAt).toEqual(new Date(1_000));
  const byWords = result({ isError: true, text: "You've hit your session limit · resets 3:45pm" });
  expect(decideOutcome(report({ claude: byWords, endedAtMs: 0 }), setting).resetsAt).toEqual(
    new Date('1970-01-01T15:45:00Z'),
  );
});

const judged = (verdict: CheckResult['verdict'], reason: string): CheckResult =>
  fakeSentence('nothing breaks', verdict, reason);

test.each<[string, CheckResult[], AttemptCause, string]>([
  ['a sentence that holds', [...passing, judged('pass', 'a.ts:1 is as it was')], 'done', ''],
  [
    'a sentence that does not hold',
    [...passing, judged('fail', 'a.ts:1 lost a parameter')],
    'check-failed',
    '“nothing breaks” does not hold: a.ts:1 lost a parameter',
  ],
  [
    'a command and a sentence that fail',
    [...failing, judged('fail', 'a.ts:1')],
    'check-failed',
    'npm test exits 1, “nothing breaks” does not hold: a.ts:1',
  ],
  [
    'a command that fails before a sentence is judged',
    [...failing, judged('not-judged', '`npm test` failed first')],
    'check-failed',
    'npm test exits 1',
  ],
  [
    'an undecided sentence',
    [...passing, judged('undecided', 'no idea (asked twice)')],
    'unverified',
    '“nothing breaks” undecided: no idea (asked twice)',
  ],
  [
    'a sentence that nobody judged, and one that is undecided',
    [judged('not-judged', 'the budget is used up'), judged('undecided', 'no idea')],
    'unverified',
    '“nothing breaks” was not judged: the budget is used up, and 1 more without a verdict',
  ],
])('%s', (_what, checksAfter, cause, reason) => {
  const outcome = decideOutcome(report({ checksAfter }), setting);
  expect([outcome.cause, textOf(outcome.reason)]).toEqual([cause, reason]);
});

test.each<[string, ClaudeReport, boolean]>([
  ['ended well', fakeClaude(), true],
  ['hung after its result', ended('hung'), true],
  ['ran out of time', ended('timed-out'), false],
  ['reported an error', result({ isError: true, text: 'API Error: 500' }), false],
  ['left no result', fakeClaude({ result: null }), false],
])('a Claude that %s has finished: %s', (_how, claude, is) => {
  expect(hasFinished(claude)).toBe(is);
});
