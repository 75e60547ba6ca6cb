import { refundKeyOf } from '../domain/book-refund.ts';
import { formatMoney } from '../domain/money.ts';
import { ORDER_UPDATED } from '../domain/order-event.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { PAYMENT_SERVICE_ACTOR, type Order } from '../domain/order.ts';
import { amendmentOf, type PaymentWebhook, type WebhookVerdict } from '../domain/payment-webhook.ts';
import type { PaymentGateway } from '../gateways/payment.ts';
import type { Logger } from '../logger.ts';
import { sumRefunds } from '../repositories/late-charges.ts';
import { correctDecline } from '../repositories/ledger.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import type { Db } from '../repositories/schema.ts';
import { findChange, writeChange, type OrderPatch } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter, type ReportedWrites } from './order-writer.ts';

/** What refunding takes. */
export type Refunder = OrderWriter & {
  readonly gateways: { readonly payment: PaymentGateway };
  readonly logger: Logger;
};

/** Refunds what a message reports as charged if nothing is left that it pays for; returns whether it is refunded. */
export async function refundByVerdict(
  refunder: Refunder,
  order: Order,
  webhook: PaymentWebhook,
  verdict: WebhookVerdict,
): Promise<boolean> {
  if (verdict === 'refund order') return refundOrder(refunder, order, webhook);
  return verdict === 'refund charge' && refundCharge(refunder, order, webhook);
}

/**
 * Refunds all that is charged for a cancelled order, as its cancellation did; what that refunds beyond what is on record is written once.
 * Returns `false` when the payment service has not refunded as much as `webhook` says was charged. Right any number of times.
 */
async function refundOrder(refunder: Refunder, order: Order, webhook: PaymentWebhook): Promise<boolean> {
  const books = await findBooks(refunder.db, order.id);
  if (books.some(({ provider }) => provider === 'EXTERNAL')) {
    // What is on record was settled with what was paid or refunded by hand.
    const isOnRecord = books.some(({ idempotencyKey }) => idempotencyKey === webhook.idempotencyKey);
    return !isOnRecord && refundCharge(refunder, order, webhook);
  }
  const refundedMinor = await refunder.gateways.payment.voidOrder(order.id, order.currency);
  if (refundedMinor < webhook.amountMinor) return refuseToBelieve(refunder, webhook, refundedMinor);
  await writeOrder(refunder, order.id, async (transaction, writes) => {
    const { totalMinor } = await lockOrder(transaction, order.id);
    const { allMinor, amendedBackMinor } = await sumRefunds(transaction, order.id);
    const moreMinor = refundedMinor - allMinor;
    if (moreMinor <= 0) return;
    await record(transaction, writes, order, webhook, {
      refundMinor: moreMinor,
      set: { paymentStatus: 'REFUNDED', refundedMinor: Math.min(refundedMinor - amendedBackMinor, totalMinor) },
    });
  });
  return true;
}

/**
 * Refunds one charge of an order that goes on without it: it was declined, or its amendment has failed. Returns `false` when the payment
 * service has not refunded as much as `webhook` says was charged. Right any number of times.
 */
async function refundCharge(refunder: Refunder, order: Order, webhook: PaymentWebhook): Promise<boolean> {
  const { idempotencyKey, amountMinor } = webhook;
  const refundedMinor = await refunder.gateways.payment.voidCharge(order.id, idempotencyKey, order.currency);
  if (refundedMinor < amountMinor) return refuseToBelieve(refunder, webhook, refundedMinor);
  await writeOrder(refunder, order.id, async (transaction, writes) => {
    await lockOrder(transaction, order.id);
    await record(transaction, writes, order, webhook, { refundMinor: refundedMinor, set: {} });
  });
  return true;
}

function refuseToBelieve({ logger }: Refunder, webhook: PaymentWebhook, refundedMinor: number): false {
  const { id, orderId, idempotencyKey, amountMinor } = webhook;
  logger.error(
    {
      webhook_id: id,
      order_id: orderId,
      idempotency_key: idempotencyKey,
      amount_minor: amountMinor,
      refunded_minor: refundedMinor,
    },
    'payment service reports a charge that it does not refund: compare the order with the payment service',
  );
  return false;
}

async function record(
  transaction: Db,
  writes: ReportedWrites,
  { id: orderId, currency, paymentMethod }: Order,
  { idempotencyKey, amountMinor, paymentId }: PaymentWebhook,
  { refundMinor, set }: { readonly refundMinor: number; readonly set: OrderPatch },
): Promise<void> {
  const key = `late-charge-refunded:${idempotencyKey}`;
  if (await findChange(transaction, orderId, key)) return;
  const common = { currency, paymentMethod };
  const charge = { ...common, idempotencyKey, kind: 'CHARGE', status: 'CAPTURED', paymentId, amountMinor } as const;
  const refund: PaymentTransactionRecord = {
    ...common,
    idempotencyKey: lateRefundKey(orderId, idempotencyKey),
    kind: 'REFUND',
    status: 'REFUNDED',
    amountMinor: refundMinor,
  };
  await correctDecline(transaction, orderId, charge);
  await writes.writeLedger([], [charge, refund]);
  await writeChange(transaction, {
    orderId,
    kind: 'DETAILS',
    key,
    actor: PAYMENT_SERVICE_ACTOR,
    reason: `a late charge of ${formatMoney(amountMinor, currency)} ${currency} was refunded`,
    event: { type: ORDER_UPDATED, details: {} },
    set,
  });
}

/** That of an amendment is the one under which its compensation would have refunded it. */
function lateRefundKey(orderId: string, chargeKey: string): string {
  return amendmentOf(orderId, chargeKey) === undefined ? `${chargeKey}:refund` : refundKeyOf(chargeKey);
}
