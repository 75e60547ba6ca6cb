import { isInScope, scopeOf, staff, type Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { namesOrder } from '../domain/order-name.ts';
import { findArchivedOrder, readArchive } from '../repositories/archive.ts';
import { findOrderWithItemsInBatch } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';

/** Who may see orders of more than one customer: staff all of them, a service those that it placed. */
export const orderReaders = [...staff, 'service'] as const;

/**
 * The order by id or number with its lines, if the caller may see it; otherwise throws ORD004, which doesn't tell why, unless it is an archived
 * order that they may see.
 */
export async function findVisibleOrder(db: Db, caller: Caller, idOrNumber: string): Promise<OrderWithItems> {
  const id = readName(idOrNumber);
  const order = id === undefined ? undefined : await findOrderWithItemsInBatch(db, id);
  if (!order && id !== undefined) await refuseArchived(db, caller, id);
  return requireVisible(caller, order, idOrNumber);
}

async function refuseArchived(db: Db, caller: Caller, id: string): Promise<void> {
  const order = await findArchivedOrder(db, id);
  if (!order || !isInScope(scopeOf(caller), order)) return;
  throw new Refusal(
    'ORD004',
    `The order ${order.orderNumber} is archived: it can be read, and nothing can be done to it any more.`,
  );
}

/** The same, also when the order is archived: to be read, for nothing can be done to it any more. */
export function findReadableOrder(db: Db, caller: Caller, idOrNumber: string): Promise<OrderWithItems> {
  return readVisibleOrder(db, caller, idOrNumber, (order) => order);
}

/**
 * Reads of an order what the caller may see, with `read`, which gets the order with its lines and where the rest of it is: an order that is
 * archived is read there. Otherwise throws ORD004.
 */
export async function readVisibleOrder<T>(
  db: Db,
  caller: Caller,
  idOrNumber: string,
  read: (order: OrderWithItems, from: Db) => T | Promise<T>,
): Promise<T> {
  const id = readName(idOrNumber);
  const order = id && (await findOrderWithItemsInBatch(db, id));
  if (order) return read(requireVisible(caller, order, idOrNumber), db);
  const archived = requireVisible(caller, id ? await findArchivedOrder(db, id) : undefined, idOrNumber);
  return readArchive(db, async (archive) => read(archived, archive));
}

/** The id or number that a text is, `undefined` when it is neither; people type an order number in any case. */
function readName(idOrNumber: string): string | undefined {
  if (!namesOrder(idOrNumber)) return undefined;
  return /^ord-/i.test(idOrNumber) ? idOrNumber.toUpperCase() : idOrNumber;
}

/** The order if there is one and the caller may see it; otherwise throws ORD004. */
export function requireVisible<T extends Pick<OrderWithItems, 'customerId' | 'placedByService'>>(
  caller: Caller,
  order: T | undefined,
  idOrNumber: string,
): T {
  if (order && isInScope(scopeOf(caller), order)) return order;
  throw new Refusal('ORD004', `There is no order "${idOrNumber.slice(0, 64)}", or it is not yours.`);
}
