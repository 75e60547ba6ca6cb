/** Changes of where a saga stands: what it waits for, who decided what, and what became of its workflow. */
export const sagaChangeKinds = [
  'PARKED',
  'RETRIED',
  'SKIPPED',
  'RESOLVED',
  'TERMINATED',
  'RESUMED',
  'NOTIFICATION',
  'DISPUTE',
] as const;

/** Changes that only staff are shown: what a review says of an order, and what a person has decided about it. */
const reviewChangeKinds = ['REVIEW', 'REVIEWED'] as const;

/** What a row of an order's history is about; everything but STATUS leaves the status as it is. */
export const changeKinds = [
  'STATUS',
  'DETAILS',
  'ITEMS',
  'SHIPMENT',
  'RETURN',
  'REFUND',
  'SHORTAGE',
  ...sagaChangeKinds,
  ...reviewChangeKinds,
] as const;

export type ChangeKind = (typeof changeKinds)[number];

const forStaff: readonly ChangeKind[] = reviewChangeKinds;

/** Whether a change is shown to staff only. */
export function isForStaff(change: ChangeKind): boolean {
  return forStaff.includes(change);
}
