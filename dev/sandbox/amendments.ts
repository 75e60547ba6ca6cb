import { Hono } from 'hono';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { run, transaction } from './database.ts';
import type { Pool } from './database.ts';
import { Refusal } from './refusal.ts';
import { readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { addUp, itemBody, toWire, unknownReservation } from './reservations.ts';
import { reservationByOrder, type Outcome, type Item } from './reservations-sql.ts';

const amendBody = z.object({
  amendment: z.number().int().min(1),
  items: z.array(itemBody).min(1).max(1000),
  expires_in_seconds: z.number().positive().max(2_592_000).default(1800),
});

type Amendment = z.output<typeof amendBody> & { readonly orderId: string };
type Seen = Outcome & { amendment: number; version: number };
type Stock = { sku: string; available: number };

/** Only a request that competes with hundreds for one product needs so many. */
const MAX_ATTEMPTS = 100;

const lockProducts = {
  name: 'sandbox-amend-lock',
  text: `
    SELECT sku, stock - reserved AS available FROM sandbox.products
    WHERE sku = ANY($1) ORDER BY sku COLLATE "C" FOR UPDATE`,
};

const moveReservation = {
  name: 'sandbox-amend-reservation',
  text: `
    UPDATE sandbox.reservations SET items = $3::jsonb, amendment = $4, version = version + 1,
      status = CASE status WHEN 'EXPIRED' THEN 'HELD' ELSE status END,
      expires_at = CASE status WHEN 'EXPIRED' THEN now() + make_interval(secs => $5::float8) ELSE expires_at END
    WHERE order_id = $1 AND version = $2 RETURNING *`,
};

const moveStock = {
  name: 'sandbox-amend-stock',
  text: `
    UPDATE sandbox.products p SET
      stock = p.stock - CASE WHEN $3 THEN d.quantity ELSE 0 END, reserved = p.reserved + CASE WHEN $3 THEN 0 ELSE d.quantity END
    FROM unnest($1::text[], $2::bigint[]) AS d(sku, quantity) WHERE p.sku = d.sku`,
};

/**
 * Changes the lines of a reservation, all or none. Amendments are numbered: a repeated one changes nothing, and one that arrives after
 * a newer one is refused, so that a compensation with a newer number forbids the amendment for ever.
 */
export function amendmentRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.put('/reservations/:order_id', async (c) => {
    const body = await readBody(c, amendBody);
    const amendment = { ...body, items: addUp(body.items), orderId: c.req.param('order_id') };
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      // Each attempt must see the change that overtook the previous one.
      // oxlint-disable-next-line no-await-in-loop
      const amended = await transaction(db, (client) => amend(client, amendment));
      if (amended) return c.json(toWire(amended));
    }
    throw new Refusal(503, 'CONTENTION', 'too many requests change the same stock at once, try again');
  });

  return app;
}

/** Returns the changed reservation, or nothing when another request overtook this one. */
async function amend(client: PoolClient, { orderId, ...wanted }: Amendment): Promise<Outcome | undefined> {
  const [seen] = await run<Seen>(client, reservationByOrder, [orderId]);
  if (!seen) throw unknownReservation(orderId);
  if (seen.status === 'RELEASED') {
    throw new Refusal(409, 'RESERVATION_RELEASED', 'the reservation of this order was released for good');
  }
  if (seen.amendment === wanted.amendment) return seen;
  if (seen.amendment > wanted.amendment) {
    throw new Refusal(409, 'AMENDMENT_SUPERSEDED', `amendment ${seen.amendment} has taken this one's place`);
  }
  const changes = difference(seen.status === 'EXPIRED' ? [] : seen.items, wanted.items);
  // Products before reservations and in SKU order, as in every statement here, so that none can deadlock.
  const stock = await run<Stock>(client, lockProducts, [changes.map(({ sku }) => sku)]);
  refuseLacking(changes, stock);
  const values = [orderId, seen.version, JSON.stringify(wanted.items), wanted.amendment, wanted.expires_in_seconds];
  const [moved] = await run<Outcome>(client, moveReservation, values);
  if (!moved) return undefined;
  const [skus, quantities] = [changes.map(({ sku }) => sku), changes.map(({ quantity }) => quantity)];
  await run(client, moveStock, [skus, quantities, seen.status === 'COMMITTED']);
  return moved;
}

function difference(before: readonly Item[], after: readonly Item[]): Item[] {
  const given = before.map(({ sku, quantity }) => ({ sku, quantity: -quantity }));
  return addUp([...given, ...after]).filter(({ quantity }) => quantity !== 0);
}

function refuseLacking(changes: readonly Item[], stock: readonly Stock[]): void {
  const available = new Map(stock.map((product) => [product.sku, product.available]));
  const lacking = changes
    .map(({ sku, quantity }) => ({ sku, requested: quantity, available: available.get(sku) ?? 0 }))
    .filter((line) => line.requested > line.available);
  if (lacking.length > 0)
    throw new Refusal(409, 'OUT_OF_STOCK', 'not everything is in stock; nothing was taken', lacking);
}
