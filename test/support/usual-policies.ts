/** What the configuration says of overlaps and downtime where nobody has written anything. */
export const usualPolicies = { overlap: 'skip', catchUp: 'latest', catchUpWithinMs: 43_200_000 } as const;
/** The same as the fields of a form. */
export const usualPolicyFields = { overlap: 'skip', 'catch-up': 'latest', 'catch-up-within': '12 h' } as const;
