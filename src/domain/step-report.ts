/**
 * What one attempt at a step came to; times are RFC 3339. FAILED: it may or may not have had its effect. AWAITED: its service has
 * accepted it and answers later.
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
  | { readonly state: 'FAILED' | 'AWAITED' }
);
