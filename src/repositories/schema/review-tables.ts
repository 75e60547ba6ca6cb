import type { ColumnType, Generated } from 'kysely';
import type { ReviewDecision, ReviewOccasion, ReviewVerdict } from '../../domain/order-review.ts';

/** Reviews of orders, each once by its key. */
export interface OrderReviewsTable {
  key: string;
  order_id: string;
  occasion: ReviewOccasion;
  customer_id: string;
  payment_method_hashes: readonly string[];
  shipping_address_hash: string;
  verdict: ReviewVerdict | null;
  reasons: ColumnType<readonly string[], string | undefined, string>;
  decide_until: Date | null;
  decision: ReviewDecision | null;
  decided_by: string | null;
  decision_reason: string | null;
  decided_at: Date | null;
  at: Generated<Date>;
}
