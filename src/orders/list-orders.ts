import { hasRole, scopeOf, type Caller, type OrderScope } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { listOrders as readPage } from '../repositories/list-orders.ts';
import type { Reader } from '../repositories/reader.ts';
import { orderReaders } from './find-visible-order.ts';
import { toListQuery, writeListCursor, type OrderListRequest } from './order-list-query.ts';
import type { TimeZone } from './read-moment.ts';

/** What listing orders takes; days are those of the shop's time zone. */
export interface ListDependencies {
  readonly reader: Reader;
  readonly timeZone: TimeZone;
}

/** A page of orders, and the cursor of the next one; null at the end. */
export interface OrderPage {
  readonly orders: readonly OrderWithItems[];
  readonly nextCursor: string | null;
}

/**
 * A page of orders by time of creation: a customer's own, those that a service placed, or, for staff, all. Throws FORBIDDEN when a customer asks
 * for somebody else's, and VALIDATION for a cursor of another list.
 */
export async function listOrders(
  { reader, timeZone }: ListDependencies,
  caller: Caller,
  request: OrderListRequest,
): Promise<OrderPage> {
  const scope = listedScope(caller, request.customer_id);
  const query = toListQuery(request, scope, timeZone);
  const { orders, next } = await reader.read(caller.subject, (db) => readPage(db, query));
  return { orders, nextCursor: next ? writeListCursor(next, request, scope) : null };
}

function listedScope(caller: Caller, asked: string | undefined): OrderScope | undefined {
  if (!hasRole(caller, orderReaders) && asked !== undefined && asked !== caller.subject) {
    throw new Refusal('FORBIDDEN', "A customer sees nobody else's orders.");
  }
  return scopeOf(caller);
}
