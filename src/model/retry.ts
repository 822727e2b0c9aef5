import { holdTerm } from './hold.ts';
import type { AttemptCause, AttemptOutcome } from './outcome.ts';
import type { FinalStatus } from './run.ts';

export type NextStep =
  | { kind: 'end'; status: FinalStatus }
  /** A new attempt at once. */
  | { kind: 'attempt' }
  /** The run waits; the attempt that ended does not count. `null`: until what holds the login has ended. */
  | { kind: 'defer'; until: Date | null };

export interface RetryState {
  /** Attempts used so far, the one that ended included. */
  attemptsUsed: number;
  retries: number;
  /** How often this run was put off because the API was overloaded. */
  overloads: number;
  /** What is left of the run's budget; undefined is no limit. */
  budgetLeftUsd: number | undefined;
  /** False where something of the attempt may still be working in a folder that the next one would share. */
  isTreeGone: boolean;
  now: Date;
}

const maxOverloads = 6;
const overloadBackoffMs = 60_000;

/** What follows an attempt: the cause decides (design: "Retrying is thinking"). */
export function decideNext(outcome: AttemptOutcome, state: RetryState): NextStep {
  const { cause } = outcome;
  // Of work that is done and can't be judged nobody knows more than that.
  const end: NextStep = { kind: 'end', status: outcome.isOfJudge ? 'unverified' : finalStatus(cause) };
  if (!state.isTreeGone) return end;
  switch (cause) {
    case 'usage-limit':
    case 'not-logged-in':
    case 'no-credit':
      return { kind: 'defer', until: holdTerm(outcome, state.now)?.until ?? null };
    case 'overloaded':
      return state.overloads < maxOverloads
        ? { kind: 'defer', until: new Date(state.now.getTime() + overloadBackoffMs * 2 ** state.overloads) }
        : end;
    case 'timed-out':
    case 'stalled':
    case 'lost':
    case 'crashed':
    case 'prompt-too-long':
    case 'reported-error':
    case 'nothing-said':
    case 'check-failed':
      return state.attemptsUsed <= state.retries && hasBudget(state) ? { kind: 'attempt' } : end;
    case 'done':
    case 'unverified':
    case 'cancelled':
    case 'workspace':
    case 'set-up':
    case 'could-not-start':
    case 'budget':
    case 'permission':
      return end;
  }
}

// Claude Code refuses a budget of nothing, and a cent buys no turn.
const hasBudget = (state: RetryState): boolean => state.budgetLeftUsd === undefined || state.budgetLeftUsd > 0.01;

function finalStatus(cause: AttemptCause): FinalStatus {
  switch (cause) {
    case 'done':
      return 'succeeded';
    case 'unverified':
    case 'cancelled':
    case 'timed-out':
    case 'stalled':
    case 'lost':
      return cause;
    case 'workspace':
    case 'set-up':
    case 'could-not-start':
    case 'crashed':
    case 'not-logged-in':
    case 'no-credit':
    case 'usage-limit':
    case 'overloaded':
    case 'prompt-too-long':
    case 'budget':
    case 'reported-error':
    case 'nothing-said':
    case 'permission':
    case 'check-failed':
      return 'failed';
  }
}
