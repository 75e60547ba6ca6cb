import type { Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import { findReadableOrder, requireVisible } from '../orders/find-visible-order.ts';
import type { CopyKind, CopyPart, OrderCopy } from '../redis/order-cache.ts';
import type { Api } from './api.ts';
import { orderView } from './schemas/order-view.ts';
import { statusReport } from './schemas/status-report.ts';

/** Either the order, or a copy of what is answered about it. */
export type OrderOrCopy =
  | { readonly order: OrderWithItems; readonly copy?: undefined }
  | { readonly order?: undefined; readonly copy: CopyPart };

/**
 * Reads an order by id or number, or finds the copy of an answer about it, if the caller may see it; otherwise throws ORD004. The rule is the
 * same for a copy. An order that was read leaves a copy where copies are held.
 */
export async function readOrderOrCopy(
  { database, copies }: Pick<Api, 'database' | 'copies'>,
  caller: Caller,
  idOrNumber: string,
  kind: CopyKind,
): Promise<OrderOrCopy> {
  const found = copies && isUuid(idOrNumber) ? await copies.orders.find(idOrNumber.toLowerCase(), kind) : undefined;
  if (found?.copy) return { copy: requireVisible(caller, found.copy, idOrNumber) };
  const order = await findReadableOrder(database.db, caller, idOrNumber);
  found?.fill(toCopy(order));
  return { order };
}

function toCopy(order: OrderWithItems): OrderCopy {
  const { customerId, placedByService, version } = order;
  const [details, status] = [JSON.stringify(orderView(order)), JSON.stringify(statusReport(order))];
  return { customerId, placedByService, version, details, status };
}
