import { expect, test } from 'vitest';

import type { AttemptCause } from '../../src/model/outcome.ts';
import { decideNext, type NextStep, type RetryState } from '../../src/model/retry.ts';

const now = new Date('2026-11-23T02:00:00Z');
const state: RetryState = {
  attemptsUsed: 1,
  retries: 2,
  overloads: 0,
  budgetLeftUsd: undefined,
  isTreeGone: true,
  now,
};
const outcome = (cause: AttemptCause) => ({ cause, reason: [] });
const end = (status: Extract<NextStep, { kind: 'end' }>['status']): NextStep => ({ kind: 'end', status });
const again: NextStep = { kind: 'attempt' };

test.each<[AttemptCause, NextStep, NextStep]>([
  ['done', end('succeeded'), end('succeeded')],
  ['unverified', end('unverified'), end('unverified')],
  ['cancelled', end('cancelled'), end('cancelled')],
  ['timed-out', again, end('timed-out')],
  ['stalled', again, end('stalled')],
  ['lost', again, end('lost')],
  ['crashed', again, end('failed')],
  ['prompt-too-long', again, end('failed')],
  ['reported-error', again, end('failed')],
  ['nothing-said', again, end('failed')],
  ['check-failed', again, end('failed')],
  ['workspace', end('failed'), end('failed')],
  ['set-up', end('failed'), end('failed')],
  ['could-not-start', end('failed'), end('failed')],
  ['not-logged-in', { kind: 'defer', until: null }, { kind: 'defer', until: null }],
  ['no-credit', { kind: 'defer', until: null }, { kind: 'defer', until: null }],
  ['budget', end('failed'), end('failed')],
  ['permission', end('failed'), end('failed')],
])('%s is followed by %o, and with no attempts left by %o', (cause, first, last) => {
  expect(decideNext(outcome(cause), state)).toEqual(first);
  expect(decideNext(outcome(cause), { ...state, attemptsUsed: 3 })).toEqual(last);
});

test('a usage limit waits for its reset, however many attempts were used', () => {
  const resetsAt = new Date('2026-11-23T05:00:00Z');
  const step = decideNext({ ...outcome('usage-limit'), resetsAt }, { ...state, attemptsUsed: 3 });
  expect(step).toEqual({ kind: 'defer', until: resetsAt });
});

test('a usage limit that says no time is tried again in half an hour', () => {
  expect(decideNext(outcome('usage-limit'), state)).toEqual({ kind: 'defer', until: new Date('2026-11-23T02:30:00Z') });
});

test.each([Date.parse('2026-11-23T05:00:00Z') * 1000, 1e300])(
  'a reset at %d ms is none that can be waited for',
  (ms) => {
    const step = decideNext({ ...outcome('usage-limit'), resetsAt: new Date(ms) }, state);
    expect(step).toEqual({ kind: 'defer', until: new Date('2026-11-23T02:30:00Z') });
  },
);

test('a reset that has passed is waited for a minute, so that clocks that differ start no run again and again', () => {
  const step = decideNext({ ...outcome('usage-limit'), resetsAt: new Date('2026-11-23T01:59:00Z') }, state);
  expect(step).toEqual({ kind: 'defer', until: new Date('2026-11-23T02:01:00Z') });
});

test.each([
  [0, '2026-11-23T02:01:00Z'],
  [1, '2026-11-23T02:02:00Z'],
  [5, '2026-11-23T02:32:00Z'],
])('after %i overloads the pause ends at %s', (overloads, until) => {
  expect(decideNext(outcome('overloaded'), { ...state, overloads })).toEqual({ kind: 'defer', until: new Date(until) });
});

test('an API that stays overloaded fails the run in the end', () => {
  expect(decideNext(outcome('overloaded'), { ...state, overloads: 6 })).toEqual(end('failed'));
});

test('a spent budget ends the run', () => {
  expect(decideNext(outcome('check-failed'), { ...state, budgetLeftUsd: 0.005 })).toEqual(end('failed'));
  expect(decideNext(outcome('check-failed'), { ...state, budgetLeftUsd: 0.5 })).toEqual(again);
});

test('no attempt starts where something of the last one may still be working', () => {
  expect(decideNext(outcome('timed-out'), { ...state, isTreeGone: false })).toEqual(end('timed-out'));
});

test('work that the API is too busy to judge for long is unverified, not failed', () => {
  const busy = { ...outcome('overloaded'), isOfJudge: true };
  expect(decideNext(busy, state)).toMatchObject({ kind: 'defer' });
  expect(decideNext(busy, { ...state, overloads: 6 })).toEqual(end('unverified'));
});
