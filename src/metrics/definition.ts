/** Stands for a label whose values are bounded by the code that sets it, and not listed. */
export const open = 'open';

type Labels = Readonly<Record<string, readonly string[] | typeof open>>;

/** One metric: its labels with every value that each may have, and a histogram's upper bounds in seconds. */
export type MetricDefinition<Values extends Labels = Labels> = {
  readonly help: string;
  readonly labels: Values;
} & (
  | { readonly type: 'counter' }
  | { readonly type: 'gauge'; readonly scope: 'process' | 'shared' }
  | { readonly type: 'histogram'; readonly buckets: readonly number[] }
);

/** A number that only grows while the process runs. */
export function counter<const Values extends Labels>(help: string, labels: Values) {
  return { type: 'counter', help, labels } as const;
}

/** A number that goes up and down: of this process, or of the whole system, so that every process shows the same. */
export function gauge<const Values extends Labels>(
  help: string,
  labels: Values,
  scope: 'process' | 'shared' = 'process',
) {
  return { type: 'gauge', help, labels, scope } as const;
}

/** A distribution of times in seconds. */
export function histogram<const Values extends Labels>(help: string, labels: Values, buckets: readonly number[]) {
  return { type: 'histogram', help, labels, buckets } as const;
}
