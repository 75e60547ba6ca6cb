import { Hono } from 'hono';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { run, transaction } from './database.ts';
import type { Pool } from './database.ts';
import { Refusal } from './refusal.ts';
import { readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { addUp, itemBody, unknownReservation } from './reservations.ts';
import { reservationByOrder, type Outcome, type Item } from './reservations-sql.ts';

const restockBody = z.object({ items: z.array(itemBody).min(1).max(1000) });

/** Restocks of one order run one after the other, so that together they return no more than was sold. */
const lockOrder = { name: 'sandbox-restock-lock', text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 7))' };

const restocksOfOrder = {
  name: 'sandbox-restocks',
  text: 'SELECT key, items, withdrawn FROM sandbox.restocks WHERE order_id = $1',
};

const storeRestock = {
  name: 'sandbox-restock-store',
  text: `
    INSERT INTO sandbox.restocks (order_id, key, items, withdrawn) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (order_id, key) DO UPDATE SET withdrawn = excluded.withdrawn`,
};

/** Locks the products first, in SKU order, as every statement here does. */
const moveStock = {
  name: 'sandbox-restock-stock',
  text: `
    WITH locked AS MATERIALIZED (
      SELECT p.sku, d.quantity FROM unnest($1::text[], $2::bigint[]) AS d(sku, quantity)
      JOIN sandbox.products p ON p.sku = d.sku ORDER BY p.sku FOR UPDATE OF p
    )
    UPDATE sandbox.products p SET stock = p.stock + l.quantity FROM locked l
    WHERE p.sku = l.sku AND p.stock + l.quantity >= p.reserved RETURNING p.sku`,
};

interface Restock {
  readonly key: string;
  readonly items: Item[];
  readonly withdrawn: boolean;
}

/** Returned goods, each restock once per key; withdrawing a restock removes the goods again and forbids it for ever. */
export function restockRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.put('/reservations/:order_id/restocks/:key', async (c) => {
    const { order_id: orderId, key } = c.req.param();
    const items = addUp((await readBody(c, restockBody)).items);
    await transaction(db, (client) => restock(client, orderId, key, items));
    return c.json({ order_id: orderId, key, items, withdrawn: false });
  });

  app.delete('/reservations/:order_id/restocks/:key', async (c) => {
    const { order_id: orderId, key } = c.req.param();
    await transaction(db, (client) => withdraw(client, orderId, key));
    return c.json({ order_id: orderId, key, withdrawn: true });
  });

  return app;
}

async function restock(client: PoolClient, orderId: string, key: string, items: Item[]): Promise<void> {
  await run(client, lockOrder, [orderId]);
  const earlier = await run<Restock>(client, restocksOfOrder, [orderId]);
  const same = earlier.find((one) => one.key === key);
  if (same?.withdrawn) throw new Refusal(409, 'RESTOCK_WITHDRAWN', 'this restock was withdrawn for good');
  if (same) return;
  await refuseMoreThanSold(client, orderId, [
    ...earlier.filter((one) => !one.withdrawn).flatMap((one) => one.items),
    ...items,
  ]);
  await run(client, storeRestock, [orderId, key, JSON.stringify(items), false]);
  await run(client, moveStock, [items.map(({ sku }) => sku), items.map(({ quantity }) => quantity)]);
}

async function refuseMoreThanSold(client: PoolClient, orderId: string, returned: Item[]): Promise<void> {
  const [reservation] = await run<Outcome>(client, reservationByOrder, [orderId]);
  if (!reservation) throw unknownReservation(orderId);
  const sold = new Map(reservation.items.map(({ sku, quantity }) => [sku, quantity]));
  const excess = addUp(returned).filter(({ sku, quantity }) => quantity > (sold.get(sku) ?? 0));
  if (reservation.status !== 'COMMITTED' || excess.length > 0) {
    throw new Refusal(409, 'RESTOCK_EXCEEDS', 'more would come back than was sold', excess);
  }
}

async function withdraw(client: PoolClient, orderId: string, key: string): Promise<void> {
  await run(client, lockOrder, [orderId]);
  const same = (await run<Restock>(client, restocksOfOrder, [orderId])).find((one) => one.key === key);
  if (same?.withdrawn) return;
  const items = same?.items ?? [];
  await run(client, storeRestock, [orderId, key, JSON.stringify(items), true]);
  const moved = await run(client, moveStock, [items.map(({ sku }) => sku), items.map(({ quantity }) => -quantity)]);
  if (moved.length < items.length)
    throw new Refusal(409, 'ALREADY_SOLD', 'the goods that came back have been sold since');
}
