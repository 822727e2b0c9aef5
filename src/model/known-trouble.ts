import type { ClaudeReport } from './attempt.ts';
import type { AttemptOutcome } from './outcome.ts';
import { cut } from './grammar/mistake.ts';
import { isHoldCause } from './hold.ts';
import { findLimitReset } from './limit-reset.ts';

type Trouble = Pick<AttemptOutcome, 'cause' | 'reason'>;

const notLoggedIn: Trouble = { cause: 'not-logged-in', reason: ['Claude Code is not logged in on this host'] };
const noCredit: Trouble = { cause: 'no-credit', reason: ['the Claude account has no credit left'] };
const tooLong: Trouble = { cause: 'prompt-too-long', reason: ['the conversation grew too long for the model'] };
const overloaded: Trouble = { cause: 'overloaded', reason: ['the Claude API is overloaded'] };
const unreachable: Trouble = { cause: 'overloaded', reason: ['the Claude API cannot be reached'] };

// The CLI's own words, of 2.1.197 and 2.1.330. A 403 is taken for a missing login only where they say so: the CLI also
// writes "Failed to authenticate" where the account may not use one model, and that must not hold every other job.
const texts: [RegExp, Trouble][] = [
  [/credit balance is too low|out of (?:usage credits|extra usage)|requires usage credits|spend limit/i, noCredit],
  [
    /not logged in\b|please run \/login|log ?in again|\/login to sign in|sign in again|authentication required/i,
    notLoggedIn,
  ],
  [/oauth token (?:has been |has )?(?:expired|revoked)|log ?in (?:expired|reached its time limit)/i, notLoggedIn],
  [/invalid (?:api key|auth token|x-api-key|bearer token)|apikeyhelper script is failing/i, notLoggedIn],
  [/(?:disabled organization|organization has disabled)|could not refresh your login/i, notLoggedIn],
  [/prompt is too long|request too large/i, tooLong],
  [/overloaded|request rejected \(429\)|temporarily limiting requests|experiencing high load/i, overloaded],
  [/connection (?:refused|error|closed|reset)|unable to connect|request timed out|ENOTFOUND|ECONNRE/i, unreachable],
];

const limitText = /hit your .*limit|(?:usage|weekly|session|5-hour) limit/i;
const noLimitText = /not your usage limit/i;

/**
 * What keeps Claude from working, where it ended without a `result` line, by the last line on stderr: what stands above it
 * may come from a hook or a server for tools, and be about another login.
 */
export function troubleInWords(stderr: string): AttemptOutcome | undefined {
  const said = shorten(stderr.trimEnd().split('\n').at(-1) ?? '');
  const found = inText(said);
  return found && { ...found, said };
}

type Ended = Pick<ClaudeReport, 'result' | 'limitResetsAtMs'>;

/** Whether it goes by with time, or once a person has mended the login: what met it can be done again then. */
export const isPassing = (cause: AttemptOutcome['cause']): boolean => cause === 'overloaded' || isHoldCause(cause);

/** What keeps Claude from working, by a result that is an error. `zone`: of a reset whose words name none. */
export function troubleInResult(claude: Ended, now: Date, zone: string): AttemptOutcome | undefined {
  const { result } = claude;
  // Where the CLI calls an error a success, the text is its own; else it may be Claude's, about anything.
  const isOwnText = result !== null && result.isError && result.subtype === 'success';
  if (!isOwnText) return undefined;
  const said = shorten(result.text);
  const found = limitIn(claude, result.text, now, zone) ?? inText(result.text) ?? byStatus(result.apiErrorStatus);
  return found && { ...found, said };
}

function limitIn(claude: Ended, text: string, now: Date, zone: string): AttemptOutcome | undefined {
  const isLimit = claude.limitResetsAtMs !== null || (limitText.test(text) && !noLimitText.test(text));
  if (!isLimit) return undefined;
  const resetsAt = claude.limitResetsAtMs === null ? findLimitReset(text, now, zone) : new Date(claude.limitResetsAtMs);
  // A spending limit that says no time is lifted by a person.
  if (resetsAt === undefined && noCredit.cause === inText(text)?.cause) return noCredit;
  return { cause: 'usage-limit', reason: ['the Claude usage limit is reached'], resetsAt };
}

const inText = (text: string): Trouble | undefined => texts.find(([pattern]) => pattern.test(text))?.[1];

function byStatus(status: number | null): Trouble | undefined {
  if (status === null) return undefined;
  if (status === 401) return notLoggedIn;
  if (status === 402) return noCredit;
  if (status === 413) return tooLong;
  return status === 429 || status >= 500
    ? { cause: 'overloaded', reason: [`the Claude API answers ${status}`] }
    : undefined;
}

/** The first line, of at most 200 characters. */
export const shorten = (text: string): string => {
  const first = text.trim().split('\n')[0] ?? '';
  return cut(first, 200);
};
