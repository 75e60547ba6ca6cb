import type { Order, OrderWithItems } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import { findOrder, findOrderWithItemsInGroup } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';
import { Refusal } from '../domain/refusal.ts';
import { hasRole, staff, type Caller } from '../domain/caller.ts';

/** The order by id or number with its lines, if the caller may see it; otherwise rejects with ORD004, which tells nothing of why. */
export async function visibleOrder(db: Db, caller: Caller, idOrNumber: string): Promise<OrderWithItems> {
  const order = isFindable(idOrNumber) ? await findOrderWithItemsInGroup(db, idOrNumber) : undefined;
  return seenBy(caller, order, idOrNumber);
}

/** The same without the lines. */
export async function visibleOrderHead(db: Db, caller: Caller, idOrNumber: string): Promise<Order> {
  const order = isFindable(idOrNumber) ? await findOrder(db, idOrNumber) : undefined;
  return seenBy(caller, order, idOrNumber);
}

/** Who may see every order. */
export const seesAll = [...staff, 'service'] as const;

/** Text that can't be an id or a number is not worth a statement, and may hold what PostgreSQL refuses. */
function isFindable(idOrNumber: string): boolean {
  return isUuid(idOrNumber) || /^ORD-\d{1,19}$/.test(idOrNumber);
}

function seenBy<Found extends Order>(caller: Caller, order: Found | undefined, idOrNumber: string): Found {
  if (order && (order.customerId === caller.subject || hasRole(caller, seesAll))) return order;
  throw new Refusal('ORD004', `There is no order "${idOrNumber.slice(0, 64)}", or it is not yours.`);
}
