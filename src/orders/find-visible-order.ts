import { isInScope, scopeOf, staff, type Caller } from '../domain/caller.ts';
import type { Order, OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { isUuid } from '../domain/uuid.ts';
import { findOrder, findOrderWithItemsInBatch } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';

/** Who may see orders of more than one customer: staff all of them, a service those that it placed. */
export const orderReaders = [...staff, 'service'] as const;

/** The order by id or number with its lines, if the caller may see it; otherwise throws ORD004, which doesn't tell why. */
export async function findVisibleOrder(db: Db, caller: Caller, idOrNumber: string): Promise<OrderWithItems> {
  const order = isFindable(idOrNumber) ? await findOrderWithItemsInBatch(db, inUsualCase(idOrNumber)) : undefined;
  return requireVisible(caller, order, idOrNumber);
}

/** The same without the lines. */
export async function findVisibleOrderHead(db: Db, caller: Caller, idOrNumber: string): Promise<Order> {
  const order = isFindable(idOrNumber) ? await findOrder(db, inUsualCase(idOrNumber)) : undefined;
  return requireVisible(caller, order, idOrNumber);
}

/** Other text is never an id or a number; querying it would be wasted, and PostgreSQL rejects some characters. */
function isFindable(idOrNumber: string): boolean {
  return isUuid(idOrNumber) || /^ORD-\d{1,19}$/i.test(idOrNumber);
}

/** People type an order number in any case. */
function inUsualCase(idOrNumber: string): string {
  return /^ord-/i.test(idOrNumber) ? idOrNumber.toUpperCase() : idOrNumber;
}

function requireVisible<Found extends Order>(caller: Caller, order: Found | undefined, idOrNumber: string): Found {
  if (order && isInScope(scopeOf(caller), order)) return order;
  throw new Refusal('ORD004', `There is no order "${idOrNumber.slice(0, 64)}", or it is not yours.`);
}
