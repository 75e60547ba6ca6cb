/** How long a request to Stripe may be under way at most: after as long, what has not shown itself has never arrived. */
export const UNDER_WAY_MS = 5 * 60_000;
