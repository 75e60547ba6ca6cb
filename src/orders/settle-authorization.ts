import { unknownOrder, workflowEnded, type AuthorizedPayment, type EventOutcome } from '../domain/inbound-event.ts';
import { PAYMENT_SERVICE_ACTOR } from '../domain/order.ts';
import { findOrderOrArchived } from '../repositories/archive.ts';
import type { OrderDependencies } from './dependencies.ts';

/**
 * Applies what the payment service says by itself of money that it holds: tells the workflow of an order that waits for it, or is about to.
 * What is held is looked up by the workflow. What is held for a cancelled order is released. Right any number of times; `commandId` names
 * the event. Rejects when the workflow or the payment service can't be reached; then it has to be applied again.
 */
export async function settleAuthorization(
  { db, commands, gateways }: Pick<OrderDependencies, 'db' | 'commands' | 'gateways'>,
  { orderId, idempotencyKey }: AuthorizedPayment,
  commandId: string,
): Promise<EventOutcome> {
  // Also of an archived order: what is held for one that is cancelled is released, which writes nothing here.
  const order = await findOrderOrArchived(db, orderId);
  if (!order) return unknownOrder;
  if (!idempotencyKey.startsWith(`${order.id}:charge:`)) {
    return { state: 'DEAD', reason: 'the key is not of a charge of this order' };
  }
  if (order.status === 'CANCELLED') {
    await gateways.payment.voidCharge(order.id, idempotencyKey, order.currency);
    return { state: 'APPLIED' };
  }
  const isTold = await commands.tellSettled(order.id, {
    idempotency_key: idempotencyKey,
    actor: PAYMENT_SERVICE_ACTOR,
    reason: 'payment authorized',
    command_id: commandId,
  });
  return isTold ? { state: 'APPLIED' } : workflowEnded;
}
