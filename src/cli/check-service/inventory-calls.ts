import { z } from 'zod';
import { heldReservation } from '../../gateways/inventory-answers.ts';
import {
  demand,
  NotTried,
  read,
  requireAnswer,
  requireRefusal,
  requireStatus,
  type Answer,
  type Check,
  type Service,
} from './check.ts';

/** What the checks of an inventory service work with: a product with at least three units in stock. */
export interface InventoryTrial {
  readonly sku: string;
}

const product = z.looseObject({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  price: z.string(),
  currency: z.string().length(3),
  stock: z.number().optional(),
  available: z.number().optional(),
});
const products = z.looseObject({ data: z.array(product) });
/** What a reservation says of itself when it is looked up. */
export const reservation = z.looseObject({ id: z.string().min(1), status: z.string() });
/** What a refusal for want of goods says. */
const shortage = z.looseObject({
  details: z.array(z.looseObject({ sku: z.string(), requested: z.number(), available: z.number() })).min(1),
});

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** More than any shop has. */
export const TOO_MANY = 1_000_000_000;

/** Long enough for the checks, and short enough to be gone soon should they be killed. */
const HOLD_SECONDS = 120;

/** The statuses of a reservation that was made. */
export const done = [200, 201];
const released = [200, 204];

/** The calls that the checks are made of. */
export function inventoryCalls(service: Service, { sku }: InventoryTrial) {
  const one = (quantity: number): Line[] => [{ sku, quantity }];
  const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    service.send({ method, path, ...(body !== undefined && { body }) });
  const release = async (orderId: string) => {
    requireStatus(await send('DELETE', at(orderId)), released, 'a release');
  };
  const findProducts = async (query: [name: string, value: string][]) => {
    const answer = await send('GET', `/products?${new URLSearchParams(query).toString()}`);
    requireStatus(answer, [200], 'a search for products');
    return read(answer, products, 'a search for products').data;
  };
  const commit = (orderId: string) => send('POST', `${at(orderId)}/commit`);
  /** Holds goods, and expects that it succeeds. */
  const hold = async (orderId: string, items: readonly Line[] = one(1)) => {
    const answer = await service.send(reserveCall(orderId, items));
    if (answer.status === 202) throw new NotTried('reservations are decided on later, which is not tried');
    return requireAnswer(answer, done, heldReservation, 'a reservation of goods in stock');
  };
  return {
    sku,
    one,
    reserveCall,
    reserve: (orderId: string, items: readonly Line[] = one(1), more: object = {}) =>
      service.send(reserveCall(orderId, items, more)),
    hold,
    /** Holds goods and commits them, and expects that both succeed. */
    sell: async (orderId: string, quantity: number) => {
      await hold(orderId, one(quantity));
      requireAnswer(await commit(orderId), [200], heldReservation, 'a commit');
    },
    find: (orderId: string) => send('GET', at(orderId)),
    commit,
    release,
    amend: (orderId: string, amendment: number, items: readonly Line[]) =>
      send('PUT', at(orderId), { amendment, items, expires_in_seconds: HOLD_SECONDS }),
    restock: (orderId: string, key: string, quantity: number) =>
      send('PUT', `${at(orderId)}/restocks/${key}`, { items: one(quantity) }),
    withdraw: (orderId: string, key: string) => send('DELETE', `${at(orderId)}/restocks/${key}`),
    findProducts,
    available: async () => (await findProducts([['sku', sku]]))[0]?.available,
    stock: async () => (await findProducts([['sku', sku]]))[0]?.stock,
  };
}

function at(orderId: string): string {
  return `/reservations/${orderId}`;
}

function reserveCall(orderId: string, items: readonly Line[], more: object = {}) {
  const body = { order_id: orderId, items, expires_in_seconds: HOLD_SECONDS, ...more };
  return { method: 'POST', path: '/reservations', body } as const;
}

type Calls = ReturnType<typeof inventoryCalls>;

/** A promise of an inventory service, and how it is tried with the calls for an order. */
export type InventoryCheck = Omit<Check, 'run'> & {
  readonly run: (calls: Calls, orderId: string, service: Service) => Promise<void>;
};

/** Fails unless an answer says that goods are lacking, and which. */
export function requireShortage(answer: Answer, what: string): void {
  requireRefusal(answer, 409, 'OUT_OF_STOCK', what);
  read(answer, shortage, what);
}

/** Fails when so many units are not available; skipped where the service doesn't say what is. */
export async function requireAvailable({ available }: Calls, before: number | undefined, change: number, when: string) {
  const now = await available();
  if (before === undefined || now === undefined) return;
  demand(now === before + change, `${when} ${now} units are available, ${before} were before`);
}
