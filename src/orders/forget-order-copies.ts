import { isOrderNumber } from '../domain/order-name.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Copies } from '../redis/open-copies.ts';
import { findOrder } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';

/** Removes the copies of an order, by id or number, that may have changed: who wrote reads their own write, from any process. */
export async function forgetOrderCopies(copies: Copies, db: Db, idOrNumber: string): Promise<void> {
  const id = isUuid(idOrNumber) ? idOrNumber : await findId(db, idOrNumber);
  if (id !== undefined) await copies.forget([id.toLowerCase()]);
}

async function findId(db: Db, number: string): Promise<string | undefined> {
  if (!isOrderNumber(number)) return undefined;
  return (await findOrder(db, number.toUpperCase()).catch(() => undefined))?.id;
}
