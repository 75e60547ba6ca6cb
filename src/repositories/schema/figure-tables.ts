/** How many orders have a status: the sum over the slots. Kept by triggers on `orders`. */
export interface OrderCountsTable {
  status: string;
  slot: number;
  orders: number;
}

/** What one process has measured and all of them show. */
export interface MetricSnapshotsTable {
  name: string;
  claimed_at: Date;
  taken_at: Date | null;
  value: unknown;
}
