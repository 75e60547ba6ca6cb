import type { ChargeOutcomeEvent, EventOutcome } from '../domain/inbound-event.ts';
import { formatMoney } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import { wholeKeyOf } from '../domain/payment-part.ts';
import { judgeWebhook, type PaymentWebhook, type WebhookEffect } from '../domain/payment-webhook.ts';
import { findOpenAmendment } from '../repositories/amendments.ts';
import { findOrder } from '../repositories/order-repository.ts';
import { findKnownCharges } from '../repositories/payment-webhooks.ts';
import type { Db } from '../repositories/schema.ts';
import { judgeArchived } from './judge-archived.ts';
import { settlePayment, type SettleDependencies } from './settle-payment.ts';

/** What an event about a charge came to, and what it did. */
export type ChargeEventOutcome = EventOutcome & { readonly effect: WebhookEffect | 'REPEATED' };

/**
 * Applies what the payment service says of a charge, by {@link settlePayment}; what it leaves out is that of the order's open charge.
 * `messageId` names the message: what it does, it does once. Rejects as `settlePayment` does.
 */
export async function settleChargeEvent(
  dependencies: SettleDependencies,
  charge: ChargeOutcomeEvent,
  messageId: string,
): Promise<ChargeEventOutcome> {
  const { db } = dependencies;
  const order = await findOrder(db, charge.orderId);
  const webhook = await completeCharge(db, charge, order, messageId);
  const effect = await settlePayment(dependencies, webhook);
  if (effect === 'UNKNOWN_ORDER' || !order) {
    const outcome = await judgeArchived(db, charge.orderId, async (archive, archived) => {
      const completed = await completeCharge(archive, charge, archived, messageId);
      return judgeWebhook(completed, archived, await findKnownCharges(archive, archived.id)) === 'record';
    });
    return { ...outcome, effect: 'UNKNOWN_ORDER' };
  }
  if (effect === 'MISMATCH') return { state: 'DEAD', reason: describeMismatch(webhook, order), effect };
  return { state: 'APPLIED', effect };
}

async function completeCharge(
  db: Db,
  { orderId, outcome, declineCode, ...said }: ChargeOutcomeEvent,
  order: Order | undefined,
  id: string,
): Promise<PaymentWebhook> {
  const open = order && (await findOpenCharge(db, order));
  return {
    id,
    orderId,
    outcome,
    declineCode,
    idempotencyKey: said.idempotencyKey ?? open?.idempotencyKey ?? '',
    paymentId: said.paymentId ?? '',
    amountMinor: said.amountMinor ?? open?.amountMinor ?? 0,
    currency: said.currency ?? order?.currency ?? '',
  };
}

/** The charge that the order waits for, or made last: of an amendment that is under way, or with the payment method that was given last. */
async function findOpenCharge(db: Db, order: Order): Promise<{ idempotencyKey: string; amountMinor: number }> {
  const amendment = await findOpenAmendment(db, order.id);
  if (amendment && amendment.differenceMinor > 0) {
    const key = `${order.id}:charge:amend:${amendment.number}`;
    return { idempotencyKey: key, amountMinor: amendment.differenceMinor };
  }
  const { charges } = await findKnownCharges(db, order.id);
  const declined = charges.filter(({ isDeclined }) => isDeclined);
  const keys = new Set(declined.map(({ idempotencyKey }) => wholeKeyOf(idempotencyKey)));
  const tried = [...keys].filter((key) => /:charge:\d+$/.test(key)).length;
  // While no other payment method was offered, the charge that was declined last is the one that is spoken of.
  const number = order.status === 'PAYMENT_FAILED' ? Math.max(tried, 1) : tried + 1;
  return { idempotencyKey: `${order.id}:charge:${number}`, amountMinor: order.totalMinor };
}

function describeMismatch({ idempotencyKey, amountMinor, currency }: PaymentWebhook, order: Order): string {
  if (currency !== order.currency) return `the order is in ${order.currency}, the charge in ${currency}`;
  const isOurs = idempotencyKey.startsWith(`${order.id}:charge:`);
  if (!isOurs) return 'the key is not of a charge of this order';
  return `no charge of the order with this key is of ${formatMoney(amountMinor, currency)} ${currency}`;
}
