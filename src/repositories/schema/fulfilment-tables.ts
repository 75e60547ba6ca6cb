import type { Generated } from 'kysely';
import type { AmendmentState } from '../../domain/amendment.ts';
import type { OrderDetails } from '../../domain/edit-order.ts';
import type { RefundState } from '../../domain/amount-refund.ts';
import type { ItemQuantity, ReturnState } from '../../domain/order-return.ts';
import type { OrderAmounts, OrderItem } from '../../domain/order.ts';
import type { Rate } from '../../domain/rate.ts';
import type { Json, JsonOrNull } from './json-columns.ts';

/** What left together. */
export interface OrderShipmentsTable {
  id: Generated<string>;
  order_id: string;
  shipment_key: string;
  items: Json<ItemQuantity[]>;
  carrier: string | null;
  tracking_number: string | null;
  actor: string;
  reason: string | null;
  shipped_at: Generated<Date>;
  delivered_at: Date | null;
}

/** Amendments as they were planned, and how they ended. */
export interface OrderAmendmentsTable {
  order_id: string;
  number: number;
  command_id: string;
  state: AmendmentState;
  actor: string;
  reason: string | null;
  items: Json<OrderItem[]>;
  amounts: Json<OrderAmounts>;
  tax_rate: Rate;
  details: JsonOrNull<OrderDetails>;
  difference_minor: number;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

/** New details of orders that a command is to carry out, and that stand in no history of a workflow. */
export interface OrderEditsTable {
  order_id: string;
  command_id: string;
  details: Json<OrderDetails>;
  created_at: Generated<Date>;
}

/** Goods that come back, and how far each return has come. */
export interface OrderReturnsTable {
  id: string;
  order_id: string;
  number: number;
  state: ReturnState;
  actor: string;
  reason: string;
  items: Json<ItemQuantity[]>;
  refund_minor: number;
  is_whole: boolean;
  created_at: Generated<Date>;
  told_at: Date | null;
  ended_at: Date | null;
}

/** What staff writes down about an order for each other. */
export interface OrderNotesTable {
  id: string;
  order_id: string;
  /** Names the request that wrote it. */
  note_key: string;
  text: string;
  author: string;
  at: Generated<Date>;
}

/** Money that goes back without goods, and how far each refund has come. */
export interface OrderRefundsTable {
  id: string;
  order_id: string;
  number: number;
  state: RefundState;
  amount_minor: number;
  refunded_minor: number;
  notifies: boolean;
  actor: string;
  reason: string;
  replaces: string | null;
  is_due_by_hand: Generated<boolean>;
  created_at: Generated<Date>;
  told_at: Date | null;
  ended_at: Date | null;
}
