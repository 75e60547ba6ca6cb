import type { Generated } from 'kysely';
import type { DisputeState } from '../../domain/dispute.ts';
import type { InboxState } from '../../domain/inbound-event.ts';
import type { Json } from './json-columns.ts';

/** Events of other services, each once. */
export interface InboxTable {
  source: string;
  id: string;
  type: string;
  subject_id: string | null;
  payload: Json<unknown>;
  state: InboxState;
  attempts: Generated<number>;
  attempted_at: Date | null;
  next_attempt_at: Generated<Date>;
  last_error: string | null;
  deliveries: Generated<number>;
  received_at: Generated<Date>;
  tried_since: Generated<Date>;
  handled_at: Date | null;
}

/** Disputes about payments, as the payment service tells of them. */
export interface OrderDisputesTable {
  order_id: string;
  dispute_id: string;
  state: DisputeState;
  amount_minor: number;
  currency: string;
  reason: string | null;
  respond_by: Date | null;
  opened_at: Generated<Date>;
  closed_at: Date | null;
}
