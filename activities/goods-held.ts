import { isWithoutGoods } from '../src/domain/order.ts';
import { findOrderWithItems } from '../src/repositories/order-repository.ts';
import type { Db } from '../src/repositories/schema.ts';

/**
 * Makes a step that changes what the inventory holds for an order do nothing for one that was taken in without its goods: they never were
 * of this stock, the inventory knows nothing of them, and they are booked there by hand.
 */
export function unlessWithoutGoods<Input extends { readonly orderId: string }>(
  db: Db,
  run: (input: Input) => Promise<void>,
): (input: Input) => Promise<void> {
  return async (input) => {
    const order = await findOrderWithItems(db, input.orderId);
    if (order && isWithoutGoods(order)) return;
    await run(input);
  };
}
