import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import { Refusal } from './refusal.ts';
import { idempotencyKey, key, readBody, readQuery } from './request.ts';
import type { SandboxEnv } from './request.ts';

interface NotificationRow {
  id: string;
  idempotency_key: string;
  order_id: string;
  customer_id: string;
  type: string;
  data: unknown;
  message: object | null;
  created_at: Date;
}

const notificationBody = z.looseObject({
  order_id: key,
  customer_id: key,
  type: key,
  data: z.record(z.string(), z.unknown()).optional(),
});

const send = {
  name: 'sandbox-notification-send',
  text: `
    INSERT INTO sandbox.notifications (id, idempotency_key, order_id, customer_id, type, data, message)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (idempotency_key) DO NOTHING RETURNING *`,
};
const byKey = {
  name: 'sandbox-notification-by-key',
  text: 'SELECT * FROM sandbox.notifications WHERE idempotency_key = $1',
};
const byOrder = {
  name: 'sandbox-notifications-by-order',
  text: 'SELECT * FROM sandbox.notifications WHERE order_id = $1 ORDER BY id',
};

/** Messages to customers: one per key, however often it is sent. */
export function notificationRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.post('/notifications', async (c) => {
    const idempotency = idempotencyKey(c);
    const { order_id, customer_id, type, data, ...message } = await readBody(c, notificationBody);
    const values = [
      uuidv7(),
      idempotency,
      order_id,
      customer_id,
      type,
      data === undefined ? null : JSON.stringify(data),
      JSON.stringify(message),
    ];
    const [sent] = await run<NotificationRow>(db, send, values);
    if (sent !== undefined) return c.json(asSent(sent), 201);
    const [earlier] = await run<NotificationRow>(db, byKey, [idempotency]);
    if (earlier?.order_id !== order_id || earlier.customer_id !== customer_id || earlier.type !== type) {
      throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'the key was used for another notification');
    }
    return c.json(asSent(earlier), 200);
  });

  app.get('/notifications', async (c) => {
    const { order_id } = readQuery(c, z.object({ order_id: key }));
    return c.json({ data: (await run<NotificationRow>(db, byOrder, [order_id])).map(asSent) });
  });

  return app;
}

/** A message with everything that it was sent with. */
function asSent({ message, ...row }: NotificationRow) {
  return { ...message, ...row };
}
