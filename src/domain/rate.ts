/** A percentage as an integer of thousandths of a percent, since 8.875 % has no exact double; 20 % is 20 000. */
export type Rate = number;

/** The rate that is the whole amount. */
export const WHOLE: Rate = 100_000;

/** Reads a percentage such as `20`, `5.5` or `8.875`, at most 100; `undefined` when it is none. */
export function parseRate(percent: string): Rate | undefined {
  const match = /^(0|[1-9]\d{0,2})(?:\.(\d{1,3}))?$/.exec(percent);
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  const rate = Number(whole + fraction.padEnd(3, '0'));
  return rate <= WHOLE ? rate : undefined;
}
