import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import { Refusal } from './refusal.ts';
import { amount, currency, idempotencyKey, key, readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';

interface ReviewRow {
  idempotency_key: string;
  order_id: string;
  verdict: string;
  reasons: string[];
}

const country = z.string().length(2);
const number = z.int().min(0);

const reviewBody = z.strictObject({
  occasion: z.enum(['placed', 'payment_retried', 'amended']),
  order_id: key,
  order_number: key,
  customer_id: key,
  currency,
  total: amount,
  discount: amount,
  line_count: number,
  unit_count: number,
  shipping_country: country,
  billing_country: country.nullable(),
  payment_method_hashes: z.array(key).min(1),
  shipping_address_hash: key,
  placed_at: z.iso.datetime(),
  counts: z.strictObject({
    customer_total: amount,
    orders_of_payment_method: number,
    orders_of_address: number,
    payment_methods_of_customer: number,
    addresses_of_customer: number,
  }),
});

/** Payment methods that always get the same verdict, as `tok_declined` is always declined. */
const verdicts = new Map([
  [hash('tok_review'), { verdict: 'review', reasons: ['this payment method is always reviewed'] }],
  [hash('tok_reject'), { verdict: 'reject', reasons: ['this payment method is always rejected'] }],
]);

const add = {
  name: 'sandbox-review-add',
  text: `
    INSERT INTO sandbox.reviews (idempotency_key, order_id, verdict, reasons)
    VALUES ($1, $2, $3, $4) ON CONFLICT (idempotency_key) DO NOTHING RETURNING *`,
};
const byKey = { name: 'sandbox-review-by-key', text: 'SELECT * FROM sandbox.reviews WHERE idempotency_key = $1' };

/** Reviews of orders: one verdict for each key, however often it is asked for. */
export function reviewRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.post('/reviews', async (c) => {
    const idempotency = idempotencyKey(c);
    const { order_id, payment_method_hashes: methods } = await readBody(c, reviewBody);
    const known = methods.find((method) => verdicts.has(method)) ?? '';
    const { verdict, reasons } = verdicts.get(known) ?? { verdict: 'approve', reasons: [] };
    const [added] = await run<ReviewRow>(db, add, [idempotency, order_id, verdict, JSON.stringify(reasons)]);
    if (added !== undefined) return c.json(toView(added), 201);
    const [earlier] = await run<ReviewRow>(db, byKey, [idempotency]);
    if (earlier?.order_id !== order_id) {
      throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'the key was used for another order');
    }
    return c.json(toView(earlier), 200);
  });
  return app;
}

function toView({ order_id, verdict, reasons }: ReviewRow) {
  return { order_id, verdict, reasons };
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
