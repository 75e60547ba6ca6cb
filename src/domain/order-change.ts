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
] as const;

export type ChangeKind = (typeof changeKinds)[number];
