import { expect } from 'vitest';
import { signEvent } from '../../../dev/stripe/sign-event.ts';
import { startFakeStripe } from '../../../dev/stripe/stripe-server.ts';
import type { StripeEvent } from '../../../dev/stripe/stripe-objects.ts';
import { refundedMinor } from '../../../src/domain/book-refund.ts';
import { comparePayments } from '../../../src/domain/compare-payments.ts';
import { findBooks } from '../../../src/repositories/payment-transactions.ts';
import { createApiOverRig } from '../../setup/api-over-rig.ts';
import { startSagaRig } from '../../setup/saga-rig.ts';

const SECRET = 'whsec_of_a_whole_life';

/** How far apart both sides' clocks may be: Stripe's moments are whole seconds. */
const LEEWAY_MS = 60_000;

/** Orders through everything that they pass, paid at a Stripe that keeps books. */
export async function startStripeLife(more: Record<string, string> = {}) {
  const stripe = await startFakeStripe();
  const settings = {
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: 'sk_test_key',
    STRIPE_API_URL: stripe.url,
    STRIPE_TIMEOUT: '2s',
    STRIPE_WEBHOOK_SECRETS: SECRET,
    ORDER_MIN_TOTAL: '5',
    JWT_SECRET: 'a secret of thirty-two characters',
    ...more,
  };
  const rig = await startSagaRig(settings);
  const { api, changes } = createApiOverRig(rig);

  const post = async (event: StripeEvent) => {
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/json', 'stripe-signature': signEvent(body, [SECRET]) };
    return (await api.request('/api/v1/webhooks/stripe', { method: 'POST', headers, body })).status;
  };
  /** Sends what has happened since, each event twice and the last one first; answers the statuses. */
  const tell = async () => {
    const events = stripe.books.events.splice(0);
    const statuses: number[] = [];
    for (const event of [...events.toReversed(), ...events]) statuses.push(await post(event));
    return [...new Set(statuses)];
  };
  /** What Stripe has of an order, which our books, a comparison and the order itself agree with; in minor units. */
  const agreed = async (orderId: string) => {
    const { received, refunded, held } = stripe.books.balanceOf(orderId);
    const books = await findBooks(rig.db, orderId);
    const captured = books.filter(({ status }) => status === 'CAPTURED');
    expect(captured.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(received);
    expect(refundedMinor(books)).toBe(refunded);
    const [from, to] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + LEEWAY_MS)];
    const { payment } = rig.dependencies.gateways;
    const listed = [];
    for (let cursor: string | undefined, isLast = false; !isLast; isLast = cursor === undefined) {
      const page = await payment.listMovements({ from, to, cursor });
      listed.push(...page.payments.filter((one) => one.orderId === orderId));
      cursor = page.nextCursor;
    }
    const byId = new Map(listed.map((one) => [one.paymentId, one]));
    const rows = (await rig.transactions(orderId)).map((row) => ({
      idempotencyKey: row.idempotency_key,
      kind: row.kind,
      status: row.status,
      paymentId: row.payment_id,
      amountMinor: row.amount_minor,
      currency: row.currency,
      at: row.at,
    }));
    expect(comparePayments({ orderId, listed: [...byId.values()], books: rows, from, to })).toEqual([]);
    const { status, totalMinor, refundedMinor: told } = await rig.order(orderId);
    return { status, kept: received - refunded, held, owes: status === 'CANCELLED' ? 0 : totalMinor - told };
  };
  return {
    ...rig,
    stripe,
    settings,
    tell,
    agreed,
    stop: async () => {
      await changes.close();
      await rig.stop();
      await stripe.stop();
    },
  };
}

export type StripeLife = Awaited<ReturnType<typeof startStripeLife>>;
