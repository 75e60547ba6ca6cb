import type { Context } from 'hono';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import type { FaultOperation, FaultService, FaultTarget } from './fault-store.ts';
import { isUuid } from './request.ts';

/**
 * The operations by request; the first match counts. `order` and `payment` in a path name what it is about.
 * Putting products and users is not in this list: tests prepare their data with it.
 */
const routes: [method: string, path: RegExp, service: FaultService, operation: FaultOperation][] = [
  ['GET', /^\/products(?:\/|$)/, 'inventory', 'get'],
  ['POST', /^\/products$/, 'inventory', 'create'],
  ['POST', /^\/reservations$/, 'inventory', 'reserve'],
  ['POST', /^\/reservations\/(?<order>[^/]+)\/commit$/, 'inventory', 'commit'],
  ['DELETE', /^\/reservations\/(?<order>[^/]+)$/, 'inventory', 'release'],
  ['PUT', /^\/reservations\/(?<order>[^/]+)$/, 'inventory', 'reserve'],
  ['PUT', /^\/reservations\/(?<order>[^/]+)\/restocks\/[^/]+$/, 'inventory', 'release'],
  ['DELETE', /^\/reservations\/(?<order>[^/]+)\/restocks\/[^/]+$/, 'inventory', 'reserve'],
  ['GET', /^\/reservations(?:\/(?<order>[^/]+))?$/, 'inventory', 'lookup'],
  ['POST', /^\/payments$/, 'payment', 'charge'],
  ['POST', /^\/payments\/(?<payment>[^/]+)\/capture$/, 'payment', 'capture'],
  ['GET', /^\/captures$/, 'payment', 'lookup'],
  ['POST', /^\/payments\/order\/(?<order>[^/]+)\/void$/, 'payment', 'refund'],
  ['POST', /^\/payments\/order\/(?<order>[^/]+)\/refund$/, 'payment', 'refund'],
  ['POST', /^\/payments\/(?<payment>[^/]+)\/refund$/, 'payment', 'refund'],
  ['GET', /^\/payments\/order\/(?<order>[^/]+)$/, 'payment', 'lookup'],
  ['GET', /^\/payments(?:\/(?<payment>[^/]+))?$/, 'payment', 'lookup'],
  ['GET', /^\/users(?:\/[^/]+)?$/, 'customer', 'get'],
  ['POST', /^\/users$/, 'customer', 'create'],
  ['POST', /^\/notifications$/, 'notification', 'send'],
  ['GET', /^\/notifications$/, 'notification', 'lookup'],
  ['POST', /^\/reviews$/, 'review', 'review'],
];

const paymentConcerns = {
  name: 'sandbox-payment-concerns',
  text: `SELECT 1 FROM sandbox.payments WHERE order_id = $1 AND (id = $2::uuid OR idempotency_key = $3)`,
};

/** Returns the service and operation of a request; undefined when no fault applies to it. */
export function faultTarget(c: Context, db: Pool, body: string): FaultTarget | undefined {
  for (const [method, path, service, operation] of routes) {
    const match = method === c.req.method ? path.exec(c.req.path) : null;
    if (match === null) continue;
    const { order, payment } = match.groups ?? {};
    const asked = operation === 'charge' && asksToAuthorize(body) ? 'authorize' : operation;
    return { service, operation: asked, concerns: (orderId) => concerns(c, db, orderId, { order, payment }) };
  }
  return undefined;
}

function asksToAuthorize(body: string): boolean {
  try {
    const wanted: unknown = JSON.parse(body);
    return typeof wanted === 'object' && wanted !== null && 'capture' in wanted && wanted.capture === false;
  } catch {
    return false;
  }
}

/** The order is in the path, the query or the body, or is that of the payment named there. */
async function concerns(
  c: Context,
  db: Pool,
  orderId: string,
  path: { order?: string; payment?: string },
): Promise<boolean> {
  if (path.order !== undefined) return decode(path.order) === orderId;
  if (c.req.query('order_id') === orderId) return true;
  const key = c.req.query('idempotency_key');
  // A lookup may come before any payment; keys begin with the order's id.
  if (key?.startsWith(`${orderId}:`)) return true;
  const id = path.payment !== undefined && isUuid(path.payment) ? path.payment : null;
  if (id !== null || key !== undefined) return (await run(db, paymentConcerns, [orderId, id, key ?? null])).length > 0;
  return c.req.method === 'POST' && (await orderInBody(c)) === orderId;
}

async function orderInBody(c: Context): Promise<unknown> {
  try {
    const body: unknown = JSON.parse(await c.req.text());
    return typeof body === 'object' && body !== null && 'order_id' in body ? body.order_id : undefined;
  } catch {
    return undefined;
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
