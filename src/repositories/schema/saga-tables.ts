import type { Generated } from 'kysely';
import type { PaymentTransactionRecord } from '../../domain/order-transition.ts';
import type { PaymentProvider } from '../../domain/payment-provider.ts';
import type { SagaAction, StepState } from '../../domain/saga.ts';
import type { Stall } from '../../domain/waiting-order.ts';

/** The ledger: how far each step and compensation of an order's sagas has come. */
export interface OrderSagaStepsTable {
  order_id: string;
  saga: Generated<string>;
  step: SagaAction;
  state: StepState;
  attempts: number;
  last_error: string | null;
  recipient: string | null;
  actor: string;
  started_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** Orders of which only Temporal knows that they wait, as it was last seen. */
export interface OrderStallsTable {
  order_id: string;
  cause: Stall['cause'];
  step: SagaAction | null;
  since: Date;
  attempts: number;
  last_error: string | null;
  seen_at: Generated<Date>;
}

/** Charges and refunds, which the payment service reported or, if they are EXTERNAL, a person. */
export interface OrderPaymentTransactionsTable {
  idempotency_key: string;
  order_id: string;
  kind: PaymentTransactionRecord['kind'];
  status: PaymentTransactionRecord['status'];
  payment_id: string | null;
  amount_minor: number;
  currency: string;
  payment_method: string;
  decline_code: string | null;
  fee_minor: number | null;
  provider: Generated<PaymentProvider>;
  reference: string | null;
  reason: string | null;
  actor: string | null;
  declined_customer_id: string | null;
  at: Generated<Date>;
}
