import type { Context } from 'hono';
import { run } from './database.ts';
import type { Pool } from './database.ts';
import type { FaultMatch, FaultOperation, FaultService, FaultTarget } from './fault-store.ts';
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
  ['GET', /^\/captures$/, 'payment', 'lookup_capture'],
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

const methodOfPayment = {
  name: 'sandbox-payment-method',
  text: 'SELECT payment_method FROM sandbox.payments WHERE id = $1::uuid OR idempotency_key = $2',
};

/** Returns the service and operation of a request; undefined when no fault applies to it. */
export function faultTarget(c: Context, db: Pool, body: string): FaultTarget | undefined {
  for (const [method, path, service, operation] of routes) {
    const match = method === c.req.method ? path.exec(c.req.path) : null;
    if (match === null) continue;
    const { order, payment } = match.groups ?? {};
    const asked = operation === 'charge' && asksToAuthorize(body) ? 'authorize' : operation;
    return { service, operation: asked, concerns: (named) => concernsAll(c, db, named, { order, payment }) };
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

async function concernsAll(
  c: Context,
  db: Pool,
  { order_id: orderId, payment_method: method }: FaultMatch,
  path: { order?: string; payment?: string },
): Promise<boolean> {
  if (orderId !== undefined && !(await concerns(c, db, orderId, path))) return false;
  return method === undefined || (await methodOf(c, db, path.payment)) === method;
}

/** The payment method is in the body, or is that of the payment that is named. */
async function methodOf(c: Context, db: Pool, payment: string | undefined): Promise<unknown> {
  const id = payment !== undefined && isUuid(payment) ? payment : null;
  const key = c.req.query('idempotency_key') ?? null;
  if (id === null && key === null) return inBody(c, 'payment_method');
  const [found] = await run<{ payment_method: string }>(db, methodOfPayment, [id, key]);
  return found?.payment_method;
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
  return c.req.method === 'POST' && (await inBody(c, 'order_id')) === orderId;
}

async function inBody(c: Context, name: string): Promise<unknown> {
  try {
    const body: unknown = JSON.parse(await c.req.text());
    return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
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
