/** What a row of an order's history is about; everything but STATUS leaves the status as it is. */
export const changeKinds = ['STATUS', 'DETAILS', 'ITEMS', 'SHIPMENT', 'RETURN', 'SHORTAGE'] as const;

export type ChangeKind = (typeof changeKinds)[number];
