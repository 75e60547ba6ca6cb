import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import type { PaymentRow } from './payments-sql.ts';
import { Refusal } from './refusal.ts';
import { page, readQuery } from './request.ts';
import type { SandboxEnv } from './request.ts';
import * as sql from './webhooks-sql.ts';
import type { WebhookRow } from './webhooks-sql.ts';

/** Lists the webhooks of the payment service and sends one again on request; `wake` starts the sender. */
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

/** Writes the message about a charge, once per payment and in the charge's transaction. */
export async function storeWebhook(db: Parameters<typeof run>[0], payment: PaymentRow): Promise<void> {
  const body = JSON.stringify({
    type: payment.decline_code === null ? 'payment.captured' : 'payment.declined',
    timestamp: payment.created_at.toISOString(),
    data: {
      payment_id: payment.id,
      order_id: payment.order_id,
      idempotency_key: payment.idempotency_key,
      amount: formatMoney(payment.amount, payment.currency),
      currency: payment.currency,
      ...(payment.decline_code !== null && { decline_code: payment.decline_code }),
    },
  });
  await run(db, sql.storeWebhook, [`msg_${uuidv7()}`, payment.id, payment.order_id, body]);
}

function webhookToWire({ id, payment_id, order_id, body, attempts, last_error, delivered_at, created_at }: WebhookRow) {
  return { id, payment_id, order_id, body: JSON.parse(body), attempts, last_error, delivered_at, created_at };
}
