/** What is done with an occurrence that falls due while a run of its job still goes on. */
export const overlapRules = ['skip', 'queue', 'cancel', 'allow'] as const;
export type OverlapRule = (typeof overlapRules)[number];

/** Which of the occurrences that fell due while nightdesk was not running are run once it is back. */
export const catchUpRules = ['skip', 'latest', 'all'] as const;
export type CatchUpRule = (typeof catchUpRules)[number];

/** As people type it; the same limits hold in the configuration. */
export const catchUpWindow = { least: '1 min', most: '7 days', usual: '12h' } as const;
/** More than these are not caught up, with `all` either. */
export const maxCaughtUp = 10;
