/**
 * What one attempt at a step came to; times are RFC 3339. FAILED: it may or may not have had its effect; `retryAfterMs`:
 * how long its service asked to be left alone. AWAITED: its service has
 * accepted it and answers later; `until`: when that answer is asked for at the latest.
 */
export type StepReport<Output> = {
  readonly startedAt?: string;
  readonly endedAt?: string;
} & (
  | { readonly state: 'DONE'; readonly output: Output }
  | {
      readonly state: 'REFUSED';
      readonly type: string | undefined;
      readonly message: string;
      readonly details: readonly unknown[];
    }
  | { readonly state: 'AWAITED'; readonly until?: string }
  | { readonly state: 'FAILED'; readonly retryAfterMs?: number }
);
