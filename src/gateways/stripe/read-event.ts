import type Stripe from 'stripe';
import { formatMoney } from '../../domain/money.ts';
import type { IntentRecord } from '../../domain/stripe-intent.ts';
import type { StripeAccess } from './charge-once.ts';
import { metadataNames } from './find-intents.ts';
import { outcomeOf } from './intent-outcome.ts';
import { isEffective, listRefunds } from './list-refunds.ts';
import { readIntent, releaseIntent } from './release-intent.ts';
import type { StripeApi } from './stripe-api.ts';
import { fromStripeAmount } from './stripe-amount.ts';

/** What an event of Stripe's is about; nothing else of it is believed. */
export interface StripeEventSubject {
  readonly type: string;
  /** The id of the object that it holds, and of the intent which that names. */
  readonly objectId: string;
  readonly intentId: string | undefined;
}

/** The type of the event of a refund that has not reached the customer. */
export const REFUND_FAILED = 'payment.refund_failed';

/** What Stripe has to tell of an order: as an event of the payment service, or that a charge is to be looked up. */
export type StripeNews =
  | { readonly kind: 'event'; readonly id: string; readonly type: string; readonly data: Record<string, unknown> }
  | { readonly kind: 'look up'; readonly orderId: string; readonly idempotencyKey: string };

/**
 * What an event leads to. The event only says where to look: everything is read from Stripe as it is now, so that an event that is doubled, late,
 * in another order or of an older version of the API tells nothing wrong. An intent that is not one of this system's leads to nothing;
 * one that is voided is released at once. Rejects while Stripe can't be asked.
 */
export async function readStripeEvent(access: StripeAccess, event: StripeEventSubject): Promise<readonly StripeNews[]> {
  const { type, objectId } = event;
  if (type.startsWith('charge.dispute.')) return readDispute(access, objectId);
  const isRefund = type === 'charge.refunded' || type.startsWith('refund.') || type.startsWith('charge.refund.');
  const isPayment = type.startsWith('payment_intent.') || type.startsWith('charge.');
  const intentId = type.startsWith('payment_intent.') ? objectId : event.intentId;
  if (intentId === undefined || (!isRefund && !isPayment)) return [];
  const known = await findOwn(access, intentId);
  if (!known) return [];
  return isRefund
    ? readRefunds(access.api, known.intent, known.record)
    : readCharge(access, known.intent, known.record);
}

interface OwnIntent {
  readonly intent: Stripe.PaymentIntent;
  readonly record: IntentRecord;
}

/** An intent that was asked for by this system, whether or not its answer arrived. */
async function findOwn({ api, records }: StripeAccess, intentId: string): Promise<OwnIntent | undefined> {
  const byId = await records.findByIntent(intentId);
  const intent = await readIntent(api, intentId);
  const record = byId ?? (await records.find(intent.metadata[metadataNames.key] ?? ''));
  const isOurs = record !== undefined && intent.metadata[metadataNames.orderId] === record.orderId;
  return isOurs ? { intent, record } : undefined;
}

async function readCharge(
  { api, records }: StripeAccess,
  intent: Stripe.PaymentIntent,
  { idempotencyKey, orderId, intentId, isVoided }: IntentRecord,
): Promise<readonly StripeNews[]> {
  const isStray = intentId !== undefined && intentId !== intent.id;
  const isUnwanted =
    isStray || isVoided || (intentId === undefined && (await records.remember(idempotencyKey, intent.id)));
  if (isUnwanted) {
    // A charge of this key has been made by another intent, or nothing may be charged any more.
    await releaseIntent(api, intent);
    return [];
  }
  const outcome = outcomeOf(intent);
  const payment = { order_id: orderId, payment_id: intent.id, idempotency_key: idempotencyKey, ...moneyOf(intent) };
  if (outcome.outcome === 'captured' && intent.capture_method !== 'manual') {
    return [{ kind: 'event', id: `${intent.id}:captured`, type: 'payment.processed', data: payment }];
  }
  // Not told as a decline: whoever looks it up first closes the intent, which its customer could still pay.
  return [{ kind: 'look up', orderId, idempotencyKey }];
}

async function readRefunds(
  api: StripeApi,
  intent: Stripe.PaymentIntent,
  { orderId }: IntentRecord,
): Promise<readonly StripeNews[]> {
  const refunds = await listRefunds(api, intent.id);
  return refunds.flatMap((refund) => {
    const { id, metadata, reason } = refund;
    const key = metadata?.[metadataNames.key];
    const data = {
      order_id: orderId,
      refund_id: id,
      payment_id: intent.id,
      ...moneyOf(refund),
      ...(key !== undefined && { idempotency_key: key }),
    };
    if (isEffective(refund)) {
      return [{ kind: 'event', id, type: 'payment.refunded', data: { ...data, ...(reason !== null && { reason }) } }];
    }
    // An earlier one under the same key was made once more: of that one alone it matters what became of it.
    const isLatest = key === undefined || refunds.find((one) => one.metadata?.[metadataNames.key] === key)?.id === id;
    if (!isLatest) return [];
    const why = refund.failure_reason ?? refund.status ?? 'unknown';
    return [{ kind: 'event', id: `${id}:failed`, type: REFUND_FAILED, data: { ...data, reason: why } }];
  });
}

async function readDispute(access: StripeAccess, disputeId: string): Promise<readonly StripeNews[]> {
  const dispute = await access.api('find_dispute', (stripe) => stripe.disputes.retrieve(disputeId));
  const { payment_intent: of, status, reason, evidence_details: evidence } = dispute;
  const intentId = typeof of === 'string' ? of : of?.id;
  const known = intentId === undefined ? undefined : await findOwn(access, intentId);
  if (!known) return [];
  const standing = status === 'won' || status === 'lost' ? status : status === 'warning_closed' ? 'won' : 'opened';
  const dueBy = evidence.due_by;
  const data = {
    order_id: known.record.orderId,
    dispute_id: disputeId,
    payment_id: known.intent.id,
    status: standing,
    reason,
    ...moneyOf(dispute),
    ...(typeof dueBy === 'number' && { respond_by: new Date(dueBy * 1_000).toISOString() }),
  };
  return [{ kind: 'event', id: `${disputeId}:${standing}`, type: 'payment.disputed', data }];
}

function moneyOf({ amount, currency }: { readonly amount: number; readonly currency: string }) {
  const code = currency.toUpperCase();
  return { amount: formatMoney(fromStripeAmount(amount, code), code), currency: code };
}
