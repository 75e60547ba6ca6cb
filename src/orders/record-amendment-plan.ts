import { amendOrder, type AmendmentFacts } from '../domain/amend-order.ts';
import { planOf, type AmendmentPlan } from '../domain/amendment.ts';
import type { AmendItemsCommand } from '../domain/messages.ts';
import type { AmendmentRules } from '../domain/order-rules.ts';
import { findAmendment, insertAmendment } from '../repositories/amendments.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { writeSagaState } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** A command to amend an order, with what decides about it. */
export interface AmendmentRequest {
  readonly orderId: string;
  readonly command: AmendItemsCommand;
  readonly facts: AmendmentFacts;
  readonly rules: AmendmentRules;
}

/**
 * Decides what an amendment makes of the order and writes the plan before anything is done about it. The same command gets the
 * same plan again. Throws what `amendOrder` throws.
 */
export async function recordAmendmentPlan(writer: OrderWriter, request: AmendmentRequest): Promise<AmendmentPlan> {
  const { orderId, command, facts, rules } = request;
  const { command_id: commandId, actor, reason } = command;
  return writeOrder(writer, orderId, async (transaction) => {
    const order = await lockOrder(transaction, orderId);
    const known = await findAmendment(transaction, orderId, commandId);
    if (known) return planOf(known, order.items);
    const amended = amendOrder(order, command, facts, rules);
    const differenceMinor = amended.amounts.totalMinor - order.totalMinor;
    const planned = { orderId, commandId, actor, reason, ...amended, differenceMinor };
    const amendment = await insertAmendment(transaction, planned);
    await writeSagaState(transaction, orderId, 'RUNNING');
    return planOf(amendment, order.items);
  });
}
