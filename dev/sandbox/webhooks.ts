import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import type { PaymentRow } from './payments-sql.ts';
import type { PendingRow } from './pending-requests.ts';
import { Refusal } from './refusal.ts';
import { page, readQuery } from './request.ts';
import type { SandboxEnv } from './request.ts';
import * as sql from './webhooks-sql.ts';
import type { WebhookChannel, WebhookRow } from './webhooks-sql.ts';

/** Lists the webhooks of payment service and inventory, and sends one again on request; `wake` starts the sender. */
export function webhookRoutes(db: Pool, wake: () => void): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  const listQuery = page.extend({ order_id: z.string().optional() });

  app.get('/webhooks', async (c) => {
    const { limit, order_id } = readQuery(c, listQuery);
    const rows = await run<WebhookRow>(db, sql.webhooks, [order_id ?? null, limit]);
    return c.json({ data: rows.map(webhookToWire) });
  });

  app.post('/webhooks/:id/resend', async (c) => {
    const [row] = await run<WebhookRow>(db, sql.resend, [c.req.param('id')]);
    if (row === undefined) throw new Refusal(404, 'UNKNOWN_WEBHOOK', `no webhook "${c.req.param('id')}"`);
    wake();
    return c.json(webhookToWire(row), 202);
  });

  return app;
}

/** A message of one of the services. */
export interface Message {
  /** What it is about: it is told of once. */
  readonly key: string;
  readonly channel: WebhookChannel;
  readonly type: string;
  readonly timestamp: Date;
  readonly orderId: string;
  readonly paymentId?: string;
  readonly data: object;
}

/** Writes a message, in the transaction of what it tells. */
export async function storeMessage(db: Parameters<typeof run>[0], message: Message): Promise<void> {
  const { key, channel, type, timestamp, orderId, paymentId = null, data } = message;
  const body = JSON.stringify({ type, timestamp: timestamp.toISOString(), data });
  await run(db, sql.storeWebhook, [`msg_${uuidv7()}`, key, channel, paymentId, orderId, body]);
}

/** Writes the message about a charge, once per payment and in the charge's transaction. */
export async function storeWebhook(db: Parameters<typeof run>[0], payment: PaymentRow): Promise<void> {
  await storeMessage(db, {
    key: `charge:${payment.id}`,
    channel: 'payments',
    type: typeOf(payment),
    timestamp: payment.created_at,
    orderId: payment.order_id,
    paymentId: payment.id,
    data: {
      payment_id: payment.id,
      order_id: payment.order_id,
      idempotency_key: payment.idempotency_key,
      amount: formatMoney(payment.amount, payment.currency),
      currency: payment.currency,
      ...(payment.decline_code !== null && { decline_code: payment.decline_code }),
    },
  });
}

function typeOf({ decline_code, is_authorization }: PaymentRow): string {
  if (decline_code !== null) return 'payment.declined';
  return is_authorization ? 'payment.authorized' : 'payment.captured';
}

/** A refund that was made, of one payment or of an order. */
export interface MadeRefund {
  readonly orderId: string;
  readonly paymentId?: string;
  /** The key under which it was asked for. */
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** Writes the message about a refund, once per key and in the refund's transaction. */
export async function storeRefundMessage(db: Parameters<typeof run>[0], refund: MadeRefund): Promise<void> {
  const { orderId, paymentId, key, amountMinor, currency } = refund;
  await storeMessage(db, {
    key: `refund:${key}`,
    channel: 'payments',
    type: 'payment.refunded',
    timestamp: new Date(),
    orderId,
    ...(paymentId !== undefined && { paymentId }),
    data: {
      order_id: orderId,
      refund_id: `re_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`,
      ...(paymentId !== undefined && { payment_id: paymentId }),
      idempotency_key: key,
      amount: formatMoney(amountMinor, currency),
      currency,
    },
  });
}

/** Writes the message about a reservation that was decided on later, once per reservation; `refusal`: what is lacking, or null. */
export async function storeReservationMessage(
  db: Pool,
  { id, order_id: orderId }: Pick<PendingRow, 'id' | 'order_id'>,
  refusal: unknown,
): Promise<void> {
  await storeMessage(db, {
    key: `reservation:${id}`,
    channel: 'inventory',
    type: refusal === null ? 'inventory.reserved' : 'inventory.failed',
    timestamp: new Date(),
    orderId,
    data: { reservation_id: id, order_id: orderId, ...(refusal !== null && { reason: 'OUT_OF_STOCK' }) },
  });
}

function webhookToWire({
  id,
  channel,
  payment_id,
  order_id,
  body,
  attempts,
  last_error,
  delivered_at,
  created_at,
}: WebhookRow) {
  return { id, channel, payment_id, order_id, body: JSON.parse(body), attempts, last_error, delivered_at, created_at };
}
