import { activityInfo } from '@temporalio/activity';
import { authorizedCharge, declinedCharge } from '../src/domain/captured-charge.ts';
import { countRenewals, outstandingMinor, renewalKey } from '../src/domain/capture-due.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { ChargingRules } from '../src/domain/order-rules.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { isUnpaidForShipping } from '../src/domain/payment-status.ts';
import { recordRenewal } from '../src/orders/record-renewal.ts';
import { findOrderWithItems } from '../src/repositories/order-repository.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import { findChange } from '../src/repositories/write-change.ts';
import { authorizeAnew } from './authorize-anew.ts';
import { throwUntilMended } from './capture-shipment.ts';
import type { PayingDependencies } from './customer-action.ts';
import { refusal } from './failures.ts';
import { requireFewDeclinesBefore } from './payment.ts';

/** Another payment method, for an order whose goods wait for their payment. */
export interface OfferedPayment {
  readonly orderId: string;
  /** Names the offer within its order. */
  readonly key: string;
  readonly paymentMethod: string;
  readonly actor: string;
  readonly reason: string;
}

/** Paying for goods whose authorisation has expired. */
export function renewalActivities(dependencies: PayingDependencies, rules: ChargingRules) {
  return {
    /**
     * Authorises what is not held any more of an order that could not be shipped for that, with another payment method, which is the order's
     * from then on. Key: `<order id>:charge:renew:<n>`, n counting the new authorisations of the order; what it came to is on record by the offer's
     * key. Nothing compensates it but that of the order's payment. Retried until it succeeds or is refused. Refused: TRANSITION_NOT_ALLOWED when
     * no payment is open, PAYMENT_DECLINED, which is recorded.
     */
    renewPayment: (offered: OfferedPayment): Promise<{ status: OrderStatus }> =>
      renewPayment(dependencies, rules, offered).catch(throwUntilMended),
  };
}

async function renewPayment(
  dependencies: PayingDependencies,
  rules: ChargingRules,
  { orderId, key, paymentMethod, actor, reason }: OfferedPayment,
): Promise<{ status: OrderStatus }> {
  const { db } = dependencies;
  const order = await findOrderWithItems(db, orderId);
  if (!order) throw new Error(`no order ${orderId}`);
  const { status, currency } = order;
  if (await findChange(db, orderId, key)) return { status };
  if (await findChange(db, orderId, declinedKey(key))) throw declined(order.failure?.details[0]?.['decline_code']);
  const books = await findBooks(db, orderId);
  const amountMinor = outstandingMinor(order, books);
  if (!isUnpaidForShipping(order) || amountMinor <= 0) {
    throw refusal(failureTypes.transitionNotAllowed, `the order is ${status}: no payment is open`);
  }
  const idempotencyKey = renewalKey(orderId, countRenewals(orderId, books) + 1);
  const wanted = { orderId, idempotencyKey, amountMinor, currency, paymentMethod };
  const outcome = await authorizeAnew(dependencies, wanted, {
    mayHaveActed: activityInfo().attempt > 1,
    allow: () => requireFewDeclinesBefore(db, rules, wanted),
  });
  const offer = { orderId, actor, reason };
  if ('declineCode' in outcome) {
    const transaction = declinedCharge(wanted, outcome.declineCode);
    await recordRenewal(dependencies, { ...offer, key: declinedKey(key), transaction });
    throw declined(outcome.declineCode);
  }
  await recordRenewal(dependencies, { ...offer, key, transaction: authorizedCharge(wanted, outcome.paymentId) });
  return { status };
}

function declinedKey(key: string): string {
  return `${key}:declined`;
}

function declined(code: unknown) {
  const declineCode = typeof code === 'string' ? code : 'DECLINED';
  return refusal(failureTypes.paymentDeclined, `payment declined: ${declineCode}`, declineCode);
}
