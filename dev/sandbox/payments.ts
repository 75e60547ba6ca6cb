import { Hono } from 'hono';
import type { PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run, transaction } from './database.ts';
import type { Pool } from './database.ts';
import {
  CONFIRMED_TOKEN,
  findPayment,
  paymentReads,
  paymentToWire,
  pendingPaymentToWire,
  type PendingCharge,
} from './payment-reads.ts';
import * as sql from './payments-sql.ts';
import type { ChargeOutcome, PaymentRow } from './payments-sql.ts';
import type { Later, PendingRequests } from './pending-requests.ts';
import { invalid, Refusal } from './refusal.ts';
import { amount, currency, idempotencyKey, key, minorUnits, readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { storeRefundMessage, storeWebhook } from './webhooks.ts';

const chargeBody = z.object({
  order_id: key,
  amount,
  currency,
  payment_method: z.string().regex(/^tok_\w{1,100}$/, 'is not a payment token such as tok_ok'),
  capture: z.boolean().default(true),
});
const refundBody = z.object({ amount: amount.optional() });
const voidBody = z.object({ idempotency_key: key.optional(), except: z.array(key).max(100).optional() });

/** Tokens that are declined; every other token pays. */
const declinedTokens = new Map([
  ['tok_declined', 'CARD_DECLINED'],
  ['tok_insufficient_funds', 'INSUFFICIENT_FUNDS'],
]);

/** What a person decides on. */
const undecided: Later = { afterMs: null, isRefused: false };

/** How long an authorisation holds the money; `tok_expires_3s` holds it for three seconds. */
const AUTHORIZED_SECONDS = 7 * 24 * 60 * 60;
const expiringToken = /^tok_expires_(\d{1,6})s$/;

type Charge = Pick<
  PaymentRow,
  'id' | 'order_id' | 'idempotency_key' | 'amount' | 'currency' | 'payment_method' | 'decline_code' | 'is_authorization'
>;

/**
 * Charges, authorises, refunds and voids, each once per key; a void refunds earlier charges, releases authorisations and forbids later
 * ones, pending ones included.
 * With `wake`, a charge whose caller gets no answer, and every refund of a payment, write a webhook and call `wake`.
 */
export function paymentRoutes(db: Pool, pending: PendingRequests, wake?: () => void): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.route('/', paymentReads(db, pending));

  app.post('/payments', async (c) => {
    const idempotency_key = idempotencyKey(c);
    const { capture, ...body } = await readBody(c, chargeBody);
    const is_authorization = !capture;
    const amountMinor = minorUnits(body.amount, body.currency, '/amount');
    if (amountMinor === 0) throw invalid('/amount', 'must be more than 0');
    const decline_code = declinedTokens.get(body.payment_method) ?? (c.get('decline') ? 'CARD_DECLINED' : null);
    const wanted = { ...body, id: uuidv7(), idempotency_key, amount: amountMinor, decline_code, is_authorization };
    const confirmation = body.payment_method === CONFIRMED_TOKEN ? undecided : undefined;
    const accepted = await acceptForLater(db, pending, wanted, c.get('later') ?? confirmation);
    if (accepted) return c.json(pendingPaymentToWire(accepted, new URL(c.req.url).origin), 202);
    const isUnheard = wake !== undefined && c.get('unheard') === true;
    const { payment, isNew } = isUnheard ? await chargeUnheard(db, wanted) : await chargeOnce(db, wanted);
    if (isUnheard) wake();
    if (payment.decline_code === null) return c.json(paymentToWire(payment), isNew ? 201 : 200);
    throw new Refusal(402, payment.decline_code, 'the card was declined', undefined, {
      payment: paymentToWire(payment),
    });
  });

  app.post('/payments/:id/refund', async (c) => {
    const idempotency_key = idempotencyKey(c);
    const body = await readBody(c, refundBody);
    const before = await findPayment(db, c.req.param('id'));
    const requested = body.amount === undefined ? null : minorUnits(body.amount, before.currency, '/amount');
    if (requested === 0) throw invalid('/amount', 'must be more than 0');
    const payment = await transaction(db, async (client) => {
      const { payment: after, refundedMinor } = await refundOnce(client, before.id, idempotency_key, requested);
      const { order_id: orderId, currency: inCurrency, id: paymentId } = after;
      const made = { orderId, paymentId, key: idempotency_key, amountMinor: refundedMinor, currency: inCurrency };
      if (wake && refundedMinor > 0) await storeRefundMessage(client, made);
      return after;
    });
    wake?.();
    return c.json(paymentToWire(payment));
  });

  app.post('/payments/order/:order_id/void', async (c) => {
    const { idempotency_key, except = [] } = await readBody(c, voidBody);
    const orderId = c.req.param('order_id');
    const payments = await transaction(db, async (client) => {
      await run(client, sql.voidOrder, [orderId, idempotency_key ?? null]);
      await run(client, sql.refundAll, [orderId, idempotency_key ?? null, except]);
      return run<PaymentRow>(client, sql.paymentsByOrder, [orderId]);
    });
    await pending.forget('payment', orderId, idempotency_key);
    const inCurrency = payments[0]?.currency ?? null;
    const refundedMinor = payments.reduce((sum, payment) => sum + payment.refunded, 0);
    const refunded = inCurrency === null || refundedMinor === 0 ? '0' : formatMoney(refundedMinor, inCurrency);
    return c.json({ order_id: orderId, refunded, currency: inCurrency, payments: payments.map(paymentToWire) });
  });

  return app;
}

/** Accepts a charge that is to be made later, or was accepted before; returns nothing for one that is made or refused at once. */
async function acceptForLater(
  db: Pool,
  pending: PendingRequests,
  wanted: Charge,
  later: Later | undefined,
): Promise<PendingCharge | undefined> {
  const { idempotency_key, order_id } = wanted;
  const earlier = pending.find('payment', idempotency_key);
  if (earlier || !later) return earlier as PendingCharge | undefined;
  if ((await run(db, sql.isVoided, [order_id, idempotency_key])).length > 0) return undefined;
  if ((await run(db, sql.paymentByKey, [idempotency_key])).length > 0) return undefined;
  const request = { service: 'payment', key: idempotency_key, order_id, request: wanted } as const;
  return (await pending.accept(request, later)) as PendingCharge;
}

/** Makes a charge that was accepted before, unless it was voided meanwhile; with `tell`, writes the message about it in the same transaction. */
export async function chargeLater(db: Pool, row: PendingCharge, tell: boolean): Promise<null> {
  const { id, request, is_refused } = row;
  const due = { ...request, id, decline_code: is_refused ? 'CARD_DECLINED' : request.decline_code };
  try {
    await (tell ? chargeUnheard(db, due) : chargeOnce(db, due));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'PAYMENT_VOIDED') throw error;
  }
  return null;
}

function chargeUnheard(db: Pool, wanted: Charge): ReturnType<typeof chargeOnce> {
  return transaction(db, async (client) => {
    const charged = await chargeOnce(client, wanted);
    await storeWebhook(client, charged.payment);
    return charged;
  });
}

async function chargeOnce(
  db: Parameters<typeof run>[0],
  wanted: Charge,
): Promise<{ payment: PaymentRow; isNew: boolean }> {
  const { id, order_id, idempotency_key, payment_method, decline_code } = wanted;
  const { amount: amountMinor, currency: inCurrency, is_authorization } = wanted;
  const heldFor = Number(expiringToken.exec(payment_method)?.[1] ?? AUTHORIZED_SECONDS);
  const values = [id, order_id, idempotency_key, amountMinor, inCurrency, payment_method, decline_code];
  const held = [String(is_authorization), is_authorization ? heldFor : null];
  const [outcome] = await run<ChargeOutcome>(db, sql.charge, [...values, ...held]);
  if (outcome?.voided) throw new Refusal(409, 'PAYMENT_VOIDED', 'this order takes no charge any more');
  if (outcome !== undefined && outcome.id !== null) return { payment: outcome, isNew: true };
  const [earlier] = await run<PaymentRow>(db, sql.paymentByKey, [idempotency_key]);
  const isSame =
    earlier?.order_id === order_id &&
    earlier.amount === wanted.amount &&
    earlier.currency === wanted.currency &&
    earlier.is_authorization === is_authorization;
  if (!isSame) throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'the key was used for another charge');
  return { payment: earlier, isNew: false };
}

/** The payment after a refund, and what this call has refunded of it. */
async function refundOnce(
  db: PoolClient,
  id: string,
  refundKey: string,
  requested: number | null,
): Promise<{ payment: PaymentRow; refundedMinor: number }> {
  const [refunded] = await run<sql.Refunded>(db, sql.refund, [id, refundKey, requested]);
  if (refunded !== undefined) return { payment: refunded, refundedMinor: refunded.given };
  const [earlier] = await run<sql.EarlierRefund>(db, sql.refundByKey, [refundKey]);
  if (earlier !== undefined) {
    if (earlier.id === id && earlier.requested === requested) {
      return { payment: { ...earlier, refunded: earlier.refunded_after }, refundedMinor: 0 };
    }
    throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'the key was used for another refund');
  }
  const payment = await findPayment(db, id);
  const restMinor = sql.takenMinor(payment) - payment.refunded;
  // When all is refunded already, refunding "the rest" succeeds and refunds nothing.
  if (requested === null && restMinor === 0 && payment.decline_code === null) return { payment, refundedMinor: 0 };
  const rest = formatMoney(restMinor, payment.currency);
  throw new Refusal(409, 'REFUND_EXCEEDS', `only ${rest} ${payment.currency} can still be refunded`);
}
