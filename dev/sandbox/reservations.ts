import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { run } from './database.ts';
import type { Pool, Statement } from './database.ts';
import type { Later, PendingRequests, PendingRow } from './pending-requests.ts';
import { Refusal } from './refusal.ts';
import { key, page, readBody, readQuery } from './request.ts';
import type { SandboxEnv } from './request.ts';
import { commit, release, reservationByOrder, reservationsAfter, reserve } from './reservations-sql.ts';
import type { Item, Outcome } from './reservations-sql.ts';

const statuses = z.enum(['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED']);
/** A line of a request. */
export const itemBody = z.object({ sku: key, quantity: z.number().int().min(1).max(1_000_000_000) });
const reservationBody = z.object({
  order_id: key,
  items: z.array(itemBody).min(1).max(1000),
  expires_in_seconds: z.number().positive().max(2_592_000).default(1800),
});

/**
 * An overtaken request can be repeated, because another request made progress. This limit is for a request that is overtaken every
 * time, on a product or order that hundreds of requests change at the same time.
 */
const MAX_ATTEMPTS = 100;

/** What a reservation is asked for with. */
type Wanted = z.output<typeof reservationBody>;
/** A reservation that was accepted and is decided on later; `refusal`: what is lacking, once it is refused. */
export type PendingReservation = PendingRow<Wanted>;

/**
 * Reservations of stock, one per order: reserved, then committed or released; a release forbids any later reservation, a pending one
 * included.
 */
export function reservationRoutes(db: Pool, pending: PendingRequests): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.post('/reservations', async (c) => {
    const wanted = await readBody(c, reservationBody);
    const accepted = await acceptForLater(db, pending, wanted, c.get('later'));
    if (accepted) return c.json(pendingToWire(accepted), 202);
    const outcome = await reserveStock(db, wanted, uuidv7());
    return c.json(toWire(outcome), outcome.changed ? 201 : 200);
  });

  app.get('/reservations', async (c) => {
    const { limit, cursor, status } = readQuery(c, page.extend({ status: statuses.optional() }));
    const rows = await run<Outcome>(db, reservationsAfter, [cursor ?? '', limit, status ?? null]);
    return c.json({ data: rows.map(toWire), next_cursor: rows.length === limit ? rows.at(-1)?.order_id : null });
  });

  app.get('/reservations/:order_id', async (c) => {
    const orderId = c.req.param('order_id');
    const [row] = await run<Outcome>(db, reservationByOrder, [orderId]);
    if (row) return c.json(toWire(row));
    const accepted = pending.find('inventory', orderId);
    if (!accepted) throw unknownReservation(orderId);
    return c.json(pendingToWire(accepted as PendingReservation));
  });

  app.post('/reservations/:order_id/commit', async (c) => {
    const outcome = await settle(db, commit, [c.req.param('order_id')], (seen) => seen.status === 'COMMITTED');
    return c.json(toWire(outcome));
  });

  app.delete('/reservations/:order_id', async (c) => {
    const values = [c.req.param('order_id'), uuidv7()];
    const released = await settle(db, release, values, (seen) => seen.status === 'RELEASED');
    await pending.forget('inventory', c.req.param('order_id'));
    return c.json(toWire(released));
  });

  return app;
}

function reserveStock(db: Pool, { order_id, items, expires_in_seconds }: Wanted, id: string): Promise<Outcome> {
  const lines = addUp(items);
  const skus = lines.map((line) => line.sku);
  const quantities = lines.map((line) => line.quantity);
  const values = [order_id, skus, quantities, id, JSON.stringify(lines), expires_in_seconds];
  return settle(db, reserve, values, (seen) => seen.status === 'HELD' || seen.status === 'COMMITTED');
}

/** Accepts a reservation that is to be decided on later, or was accepted before and is not decided on yet; one that was refused stays refused. */
async function acceptForLater(
  db: Pool,
  pending: PendingRequests,
  wanted: Wanted,
  later: Later | undefined,
): Promise<PendingReservation | undefined> {
  const { order_id } = wanted;
  const earlier = pending.find('inventory', order_id);
  if (earlier && earlier.refusal !== null) throw outOfStock(earlier.refusal);
  if (earlier) return earlier as PendingReservation;
  if (!later || (await run(db, reservationByOrder, [order_id])).length > 0) return undefined;
  const request = { service: 'inventory', key: order_id, order_id, request: wanted } as const;
  return (await pending.accept(request, later)) as PendingReservation;
}

/** Decides on a reservation that was accepted before, which may have been released meanwhile; `refusal`: what is lacking, or null. */
export async function reserveLater(
  db: Pool,
  { id, request, is_refused }: PendingReservation,
): Promise<{ isReleased: boolean; refusal: unknown }> {
  if (is_refused) {
    const refusal = addUp(request.items).map(({ sku, quantity }) => ({ sku, requested: quantity, available: 0 }));
    return { isReleased: false, refusal };
  }
  try {
    await reserveStock(db, request, id);
    return { isReleased: false, refusal: null };
  } catch (error) {
    if (error instanceof Refusal && error.code === 'OUT_OF_STOCK') return { isReleased: false, refusal: error.details };
    if (error instanceof Refusal && error.code === 'RESERVATION_RELEASED') return { isReleased: true, refusal: null };
    throw error;
  }
}

/** Repeats a statement until it changed the reservation, finds it done already, or is refused. */
async function settle(
  db: Pool,
  statement: Statement,
  values: unknown[],
  isDone: (seen: Outcome) => boolean,
): Promise<Outcome> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    // Each attempt must see the change that overtook the previous one.
    // oxlint-disable-next-line no-await-in-loop
    const [outcome] = await run<Outcome>(db, statement, values);
    if (outcome === undefined) break;
    if (outcome.changed || isDone(outcome)) return outcome;
    if (outcome.status === 'RELEASED') {
      throw new Refusal(409, 'RESERVATION_RELEASED', 'the reservation of this order was released for good');
    }
    if (outcome.lacking !== null) {
      throw outOfStock(outcome.lacking);
    }
    if (statement === commit && outcome.id === null) throw unknownReservation(String(values[0]));
  }
  throw new Refusal(503, 'CONTENTION', 'too many requests change the same stock at once, try again');
}

/** Creates the refusal of a reservation; `lacking`: what is not in stock. */
function outOfStock(lacking: unknown): Refusal {
  return new Refusal(409, 'OUT_OF_STOCK', 'not everything is in stock; nothing was taken', lacking);
}

/** Creates the refusal for an order without a reservation. */
export function unknownReservation(orderId: string): Refusal {
  return new Refusal(404, 'UNKNOWN_RESERVATION', `no reservation for order "${orderId}"`);
}

/** Merges lines of the same SKU. */
export function addUp(items: Item[]): Item[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of items) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

/** Converts a reservation that is decided on later to its JSON form. */
function pendingToWire({ id, order_id, request, refusal, created_at }: PendingReservation) {
  const common = { id, order_id, items: addUp(request.items), expires_at: null, created_at };
  if (refusal === null) return { ...common, status: 'PENDING' };
  return { ...common, status: 'REFUSED', code: 'OUT_OF_STOCK', details: refusal };
}

/** Converts a reservation to its JSON form. */
export function toWire({ id, order_id, status, items, expires_at, created_at }: Outcome) {
  return { id, order_id, status, items, expires_at, created_at };
}
