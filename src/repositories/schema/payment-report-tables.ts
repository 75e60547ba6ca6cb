import type { Generated } from 'kysely';
import type { DifferenceKind, PaymentReportState } from '../../domain/payment-report.ts';
import type { Json } from './json-columns.ts';

/** Comparisons of the payment service's list with our books. */
export interface PaymentReportsTable {
  id: string;
  from_at: Date;
  to_at: Date;
  state: PaymentReportState;
  actor: string;
  cursor: string | null;
  is_listed: Generated<boolean>;
  payments: Generated<number>;
  orders: Generated<number>;
  in_flight: Generated<number>;
  workflow_started: Generated<boolean>;
  problem: string | null;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

/** What a report has found to differ. */
export interface PaymentDifferencesTable {
  report_id: string;
  position: number;
  kind: DifferenceKind;
  order_id: string | null;
  payment_id: string | null;
  idempotency_key: string | null;
  ours: string | null;
  theirs: string | null;
}

/** Payments that the payment service has told of while a report is made; `order_id` is empty for those of no order. */
export interface PaymentReportListedTable {
  report_id: string;
  payment_id: string;
  order_id: string;
  payment: Json<object>;
}

/** Orders that a report has still to compare. */
export interface PaymentReportOrdersTable {
  report_id: string;
  order_id: string;
}
