/** Stands in the records where nobody has given a reason. */
export const NO_REASON = 'no reason given';

/** What stands for a cancellation that names no reason, as one that reaches a workflow past the API. */
export const NO_CANCELLATION_REASON = 'cancelled';

/** A reason that customers are told; `null` where the records only say that there is none. */
export function toldReason(reason: string | null): string | null {
  return reason === NO_REASON || reason === NO_CANCELLATION_REASON ? null : reason;
}
