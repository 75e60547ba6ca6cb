import type { Caller } from '../../domain/caller.ts';
import { findKeyedOrders } from '../../repositories/accept-order.ts';
import { findReferencedOrders } from '../../repositories/referenced-orders.ts';
import type { Db } from '../../repositories/schema.ts';
import { importKeyOf } from '../import-key.ts';
import type { ReadOrder } from './read-order.ts';

/** Orders that one statement looks up: it takes some milliseconds. */
const ORDERS_AT_ONCE = 1_000;

/** How many of the orders are on record already, so that importing them repeats them. */
export async function countKnown(db: Db, caller: Caller, orders: readonly ReadOrder[]): Promise<number> {
  const named = orders.flatMap(({ held: { reference }, file, request }) =>
    reference === '' ? [] : [{ reference, source: (request ?? file)?.source ?? null, isTakenIn: request === null }],
  );
  let known = 0;
  for (let from = 0; from < named.length; from += ORDERS_AT_ONCE) {
    const some = named.slice(from, from + ORDERS_AT_ONCE);
    const keys = some.map(({ reference, source }) => importKeyOf(caller, reference, source));
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const keyed = await findKeyedOrders(db, keys);
    const others = some.filter(({ isTakenIn }, index) => isTakenIn && keyed[index] === undefined);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const referenced = await findReferencedOrders(db, caller.subject, others);
    known += [...keyed, ...referenced].filter((one) => one !== undefined).length;
  }
  return known;
}
