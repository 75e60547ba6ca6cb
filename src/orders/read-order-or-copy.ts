import type { Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Copies } from '../redis/open-copies.ts';
import type { CopyKind, CopyPart, OrderCopy } from '../redis/order-cache.ts';
import type { Db } from '../repositories/schema.ts';
import { findReadableOrder, requireVisible } from './find-visible-order.ts';
import { orderView } from './order-view.ts';
import { statusReport } from './status-report.ts';

/** Either the order, or a copy of what is answered about it. */
export type OrderOrCopy =
  | { readonly order: OrderWithItems; readonly copy?: undefined }
  | { readonly order?: undefined; readonly copy: CopyPart };

/**
 * Reads an order by id or number, or finds the copy of an answer about it, if the caller may see it; otherwise throws ORD004. The rule is the
 * same for a copy. An order that was read leaves a copy where copies are held.
 */
export async function readOrderOrCopy(
  { db, copies }: { readonly db: Db; readonly copies?: Copies | undefined },
  caller: Caller,
  idOrNumber: string,
  kind: CopyKind,
): Promise<OrderOrCopy> {
  const found = copies && isUuid(idOrNumber) ? await copies.orders.find(idOrNumber.toLowerCase(), kind) : undefined;
  if (found?.copy) return { copy: requireVisible(caller, found.copy, idOrNumber) };
  const order = await findReadableOrder(db, caller, idOrNumber);
  found?.fill(toCopy(order));
  return { order };
}

function toCopy(order: OrderWithItems): OrderCopy {
  const { customerId, placedByService, version } = order;
  const [details, status] = [JSON.stringify(orderView(order)), JSON.stringify(statusReport(order))];
  return { customerId, placedByService, version, details, status };
}
