import type Stripe from 'stripe';
import type { ProviderPayment } from '../../domain/compare-payments.ts';
import type { MovementPage, MovementQuery } from '../payment.ts';
import { metadataNames } from './find-intents.ts';
import { sumRefunds } from './list-refunds.ts';
import type { StripeApi } from './stripe-api.ts';
import { fromStripeAmount } from './stripe-amount.ts';

/** Movements that are read at a time; each is followed by a look at its charge, which takes some tenths of a second. */
const PAGE_SIZE = 20;

/**
 * A page of the payments that money moved with, by the account's balance transactions, each as Stripe has it now. Payments that this system has
 * not made are left out. Throws a `GatewayError`.
 */
export async function listMovements(api: StripeApi, { from, to, cursor }: MovementQuery): Promise<MovementPage> {
  const request = {
    created: { gte: Math.floor(from.getTime() / 1_000), lt: Math.ceil(to.getTime() / 1_000) },
    limit: PAGE_SIZE,
    expand: ['data.source'],
    ...(cursor !== undefined && { starting_after: cursor }),
  };
  const { data, has_more: hasMore } = await api('list_movements', (stripe) => stripe.balanceTransactions.list(request));
  const charges = new Set(data.flatMap(({ source }) => chargeOf(source) ?? []));
  const payments: ProviderPayment[] = [];
  for (const id of charges) payments.push(...toPayment(await readCharge(api, id)));
  return { payments, nextCursor: hasMore ? data.at(-1)?.id : undefined };
}

/** The charge that a movement is about; a payout, a fee and the like are about none. */
function chargeOf(source: Stripe.BalanceTransaction['source']): string | undefined {
  if (source === null || typeof source === 'string') return undefined;
  if (source.object === 'charge') return source.id;
  if (source.object !== 'refund' && source.object !== 'dispute') return undefined;
  const { charge } = source;
  return typeof charge === 'string' ? charge : charge?.id;
}

function readCharge(api: StripeApi, id: string): Promise<Stripe.Charge> {
  const expand = ['balance_transaction', 'refunds'];
  return api('find_charge', (stripe) => stripe.charges.retrieve(id, { expand }));
}

function toPayment(charge: Stripe.Charge): ProviderPayment[] {
  const { metadata, payment_intent: intent, amount_captured: captured } = charge;
  const paymentId = typeof intent === 'string' ? intent : intent?.id;
  const orderId = metadata[metadataNames.orderId];
  if (paymentId === undefined || orderId === undefined || captured === 0) return [];
  const currency = charge.currency.toUpperCase();
  const { balance_transaction: taken } = charge;
  const movement = taken !== null && typeof taken === 'object' ? taken : undefined;
  const moments = [movement?.created ?? charge.created, ...(charge.refunds?.data ?? []).map(({ created }) => created)];
  return [
    {
      paymentId,
      idempotencyKey: metadata[metadataNames.key] ?? null,
      orderId,
      status: 'CAPTURED',
      amountMinor: fromStripeAmount(captured, currency),
      refundedMinor: fromStripeAmount(refundedOf(charge), currency),
      currency,
      // An account that is paid out in another currency has its fees in that one.
      feeMinor: movement?.currency === charge.currency ? fromStripeAmount(movement.fee, currency) : null,
      changedAt: new Date(Math.max(...moments) * 1_000),
    },
  ];
}

/** What was refunded and has not failed, as the refunds themselves say; Stripe counts one that failed later until its money is back. */
function refundedOf({ amount_refunded: refunded, refunds }: Stripe.Charge): number {
  return refunds && !refunds.has_more ? sumRefunds(refunds.data) : refunded;
}
