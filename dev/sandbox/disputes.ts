import { Hono } from 'hono';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run, transaction } from './database.ts';
import type { Pool } from './database.ts';
import { findPayment } from './payment-reads.ts';
import { refundAsDisputed, takenMinor } from './payments-sql.ts';
import { Refusal } from './refusal.ts';
import { amount, minorUnits, readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { storeMessage } from './webhooks.ts';

const disputeBody = z.object({
  status: z.enum(['opened', 'won', 'lost']).default('opened'),
  amount: amount.optional(),
  reason: z.string().max(500).optional(),
  respond_by: z.iso.datetime({ offset: true }).optional(),
});

/** Lets a customer's bank dispute a payment, and decide about it; a dispute that is lost takes the money back. Each is told by a webhook. */
export function disputeRoutes(db: Pool, wake: () => void): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.post('/payments/:id/dispute', async (c) => {
    const body = await readBody(c, disputeBody);
    const payment = await findPayment(db, c.req.param('id'));
    if (takenMinor(payment) === 0) throw new Refusal(409, 'NOT_CAPTURED', 'nothing was charged');
    const restMinor = takenMinor(payment) - payment.refunded;
    const amountMinor = body.amount === undefined ? restMinor : minorUnits(body.amount, payment.currency, '/amount');
    if (amountMinor === 0 || amountMinor > takenMinor(payment)) {
      throw new Refusal(409, 'DISPUTE_EXCEEDS', 'no more can be disputed than was charged and is not refunded');
    }
    const data = {
      order_id: payment.order_id,
      dispute_id: `dp_${payment.id}`,
      payment_id: payment.id,
      status: body.status,
      amount: formatMoney(amountMinor, payment.currency),
      currency: payment.currency,
      ...(body.reason !== undefined && { reason: body.reason }),
      ...(body.respond_by !== undefined && { respond_by: body.respond_by }),
    };
    await transaction(db, async (client) => {
      if (body.status === 'lost') await run(client, refundAsDisputed, [payment.id, amountMinor]);
      await storeMessage(client, {
        key: `dispute:${payment.id}:${body.status}`,
        channel: 'payments',
        type: 'payment.disputed',
        timestamp: new Date(),
        orderId: payment.order_id,
        paymentId: payment.id,
        data,
      });
    });
    wake();
    return c.json(data, 202);
  });

  return app;
}
