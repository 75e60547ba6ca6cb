import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import type { Pool } from './database.ts';
import { key, readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { storeMessage } from './webhooks.ts';

const deliveryBody = z.object({
  order_id: key,
  shipment_id: key.optional(),
  tracking_number: key.optional(),
  carrier: key.optional(),
});

/** A carrier that says when it has delivered something, by a webhook. */
export function deliveryRoutes(db: Pool, wake: () => void): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.post('/deliveries', async (c) => {
    const delivery = await readBody(c, deliveryBody);
    const timestamp = new Date();
    const data = { ...delivery, delivered_at: timestamp.toISOString() };
    await storeMessage(db, {
      key: `delivery:${uuidv7()}`,
      channel: 'shipping',
      type: 'shipment.delivered',
      timestamp,
      orderId: delivery.order_id,
      data,
    });
    wake();
    return c.json(data, 202);
  });

  return app;
}
