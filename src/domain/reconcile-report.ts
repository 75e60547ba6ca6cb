/** The workflow type of a pass, as the Web UI shows it. */
export const RECONCILE_ORDERS = 'ReconcileOrders';

/** The memo of a pass that had nothing to do, by which it is removed again. */
export const QUIET_PASS = 'nothingToDo';

/** What a pass of the reconciler found and did. */
export interface ReconcileReport {
  readonly looked_at: number;
  /** Accepted orders whose workflow had never been started. */
  readonly started: number;
  /** Orders that go on in a new run of their workflow. */
  readonly taken_up: number;
  /** Orders that are being cancelled, because their workflow was ended by force. */
  readonly compensating: number;
  /** Projections that differed from their workflow. */
  readonly repaired: number;
  /** Orders whose projection and workflow contradict each other, for a person to decide. */
  readonly needs_attention: number;
  /** Events of the outbox that nobody had published yet. */
  readonly published: number;
  /** Orders at work, of which nothing could be said; the next pass looks again. */
  readonly busy: number;
  readonly orders: readonly { readonly order_id: string; readonly outcome: string; readonly what: string }[];
}
