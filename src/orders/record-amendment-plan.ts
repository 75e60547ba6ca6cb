import { amendOrder, type CatalogueProduct } from '../domain/amend-order.ts';
import { planOf, type AmendmentPlan } from '../domain/amendment.ts';
import type { AmendItemsCommand } from '../domain/messages.ts';
import type { OrderRules } from '../domain/order-rules.ts';
import { findAmendment, insertAmendment } from '../repositories/amendments.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { writeSagaState } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** A command to amend an order, with the product that it adds if the catalogue has it. */
export interface AmendmentRequest {
  readonly orderId: string;
  readonly command: AmendItemsCommand;
  readonly product: CatalogueProduct | undefined;
  readonly rules: OrderRules;
}

/**
 * Decides what an amendment makes of the order and writes the plan before anything is done about it. The same command gets the
 * same plan again. Throws what `amendOrder` throws.
 */
export async function recordAmendmentPlan(writer: OrderWriter, request: AmendmentRequest): Promise<AmendmentPlan> {
  const { orderId, command, product, rules } = request;
  const { command_id: commandId, actor, reason } = command;
  return writeOrder(writer, orderId, async (transaction) => {
    const order = await lockOrder(transaction, orderId);
    const known = await findAmendment(transaction, orderId, commandId);
    if (known) return planOf(known, order.items);
    const { items, ...amounts } = amendOrder(order, command, product, rules);
    const differenceMinor = amounts.totalMinor - order.totalMinor;
    const planned = { orderId, commandId, actor, reason, items, amounts, differenceMinor };
    const amendment = await insertAmendment(transaction, planned);
    await writeSagaState(transaction, orderId, 'RUNNING');
    return planOf(amendment, order.items);
  });
}
