import { toOpenReturn, type ItemQuantity, type OpenReturn } from '../domain/order-return.ts';
import { isSameReturn, requireReturnable } from '../domain/return-items.ts';
import { keyReused } from '../domain/refusal.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { addReturned } from '../repositories/order-items.ts';
import { findReturn, insertReturn } from '../repositories/returns.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** A return that somebody asks for. */
export interface ReturnRequest {
  readonly id: string;
  readonly orderId: string;
  /** May be empty for a return on record. */
  readonly items: readonly ItemQuantity[];
  readonly actor: string;
  readonly reason: string;
  /** How long after its delivery a customer may return an order; staff have no window. */
  readonly windowMs?: number;
}

/**
 * Puts a return on record: no more of a line than was delivered and has not been returned, however many ask at once. The same
 * id finds the same return again. Throws ORD005, VALIDATION, and IDEMPOTENCY_KEY_REUSED for an id that belongs to another return.
 */
export async function openReturn(writer: OrderWriter, request: ReturnRequest): Promise<OpenReturn> {
  const { id, orderId, items, actor, reason, windowMs } = request;
  return writeOrder(writer, orderId, async (transaction) => {
    const order = await lockOrder(transaction, orderId);
    const known = await findReturn(transaction, id);
    if (known) {
      if (!isSameReturn(known.items, items)) throw keyReused(orderId);
      return toOpenReturn(known, order.items);
    }
    requireReturnable(order, items, { now: new Date(), windowMs });
    await addReturned(transaction, orderId, items);
    const opened = await insertReturn(transaction, { id, orderId, items, actor, reason });
    await writeChange(transaction, {
      orderId,
      kind: 'RETURN',
      key: `return-opened:${opened.number}`,
      actor,
      reason,
      event: { type: 'order.return_opened', details: { return_id: id, items } },
      set: { sagaState: 'RUNNING' },
    });
    return toOpenReturn(opened, order.items);
  });
}
