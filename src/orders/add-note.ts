import { uuidv7 } from 'uuidv7';
import type { Caller } from '../domain/caller.ts';
import type { Order } from '../domain/order.ts';
import { invalidRequest } from '../domain/refusal.ts';
import { insertNote, type OrderNote } from '../repositories/order-notes.ts';
import type { Db } from '../repositories/schema.ts';
import { claimCommandId } from './idempotency.ts';

/** Most notes of one order, which are read all at once: a megabyte at their longest. */
export const MAX_NOTES = 200;

/**
 * Writes down what a member of staff says about an order, for staff alone: the order stays as it is, and no event tells of it. Throws
 * VALIDATION when the order has as many notes as it may, and IDEMPOTENCY_KEY_REUSED.
 */
export async function addNote(
  { db }: { readonly db: Db },
  caller: Caller,
  { id: orderId }: Pick<Order, 'id'>,
  text: string,
  key: string | undefined,
): Promise<OrderNote> {
  const commandId = await claimCommandId(db, caller, { target: orderId, name: 'addNote' }, { key, asked: { text } });
  const note = await insertNote(db, { id: uuidv7(), orderId, key: commandId, text, author: caller.actor }, MAX_NOTES);
  if (note) return note;
  throw invalidRequest([{ pointer: '', message: `the order has ${MAX_NOTES} notes already` }]);
}
