import { Hono } from 'hono';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run, transaction } from './database.ts';
import type { Pool } from './database.ts';
import { TAKEN, takenMinor, type PaymentRow } from './payments-sql.ts';
import { invalid, Refusal } from './refusal.ts';
import { amount, currency, idempotencyKey, key, minorUnits, readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { storeRefundMessage } from './webhooks.ts';

const refundBody = z.object({ amount, currency, payments: z.array(key).max(1_000).default([]) });

interface OrderRefund {
  readonly orderId: string;
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The payments to draw from first, in this order; what they lack comes from the others, oldest first. */
  readonly payments: readonly string[];
}

/** Locks the row that charges and voids of this order lock too. */
const lockOrder = {
  name: 'sandbox-order-refund-lock',
  text: `
    INSERT INTO sandbox.payment_orders AS o (order_id) VALUES ($1)
    ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id`,
};

const refundByKey = {
  name: 'sandbox-order-refund-by-key',
  text: 'SELECT order_id, amount, currency FROM sandbox.order_refunds WHERE idempotency_key = $1',
};

const storeRefund = {
  name: 'sandbox-order-refund-store',
  text: 'INSERT INTO sandbox.order_refunds (idempotency_key, order_id, amount, currency) VALUES ($1, $2, $3, $4)',
};

const refundable = {
  name: 'sandbox-order-refund-payments',
  text: `
    SELECT * FROM sandbox.payments
    WHERE order_id = $1 AND currency = $2 AND decline_code IS NULL AND refunded < ${TAKEN}
    ORDER BY array_position($3::text[], id::text), id FOR UPDATE`,
};

const giveBack = {
  name: 'sandbox-order-refund-give',
  text: 'UPDATE sandbox.payments SET refunded = refunded + $2 WHERE id = $1',
};

/** Refunds a part of an order's charges, whichever they are, once per key. With `wake`, each refund writes a webhook and calls it. */
export function orderRefundRoutes(db: Pool, wake?: () => void): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.post('/payments/order/:order_id/refund', async (c) => {
    const refundKey = idempotencyKey(c);
    const body = await readBody(c, refundBody);
    const amountMinor = minorUnits(body.amount, body.currency, '/amount');
    if (amountMinor === 0) throw invalid('/amount', 'must be more than 0');
    const wanted = {
      orderId: c.req.param('order_id'),
      key: refundKey,
      amountMinor,
      currency: body.currency,
      payments: body.payments,
    };
    await transaction(db, async (client) => {
      const isNew = await refundOnce(client, wanted);
      if (wake && isNew) await storeRefundMessage(client, wanted);
    });
    wake?.();
    return c.json({
      order_id: wanted.orderId,
      amount: formatMoney(amountMinor, body.currency),
      currency: body.currency,
    });
  });

  return app;
}

/** Returns `false` when the key was used for the same refund before. */
async function refundOnce(
  client: PoolClient,
  { orderId, key: refundKey, amountMinor, ...wanted }: OrderRefund,
): Promise<boolean> {
  await run(client, lockOrder, [orderId]);
  const [earlier] = await run<{ order_id: string; amount: number; currency: string }>(client, refundByKey, [refundKey]);
  if (earlier) {
    const isSame =
      earlier.order_id === orderId && earlier.amount === amountMinor && earlier.currency === wanted.currency;
    if (isSame) return false;
    throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'the key was used for another refund');
  }
  let restMinor = amountMinor;
  for (const payment of await run<PaymentRow>(client, refundable, [orderId, wanted.currency, wanted.payments])) {
    const shareMinor = Math.min(restMinor, takenMinor(payment) - payment.refunded);
    restMinor -= shareMinor;
    // A connection runs one statement after the other.
    // oxlint-disable-next-line no-await-in-loop
    if (shareMinor > 0) await run(client, giveBack, [payment.id, shareMinor]);
  }
  if (restMinor > 0) {
    const most = formatMoney(amountMinor - restMinor, wanted.currency);
    throw new Refusal(409, 'REFUND_EXCEEDS', `only ${most} ${wanted.currency} can still be refunded`);
  }
  await run(client, storeRefund, [refundKey, orderId, amountMinor, wanted.currency]);
  return true;
}
