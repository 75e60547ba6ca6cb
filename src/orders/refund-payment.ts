import type { Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { findAmountRefund } from '../repositories/amount-refunds.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import { CommandRefusedError, TemporalUnavailableError } from '../temporal/order-commands.ts';
import type { CommandOutcome } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { keyedId } from './keyed-id.ts';
import { openRefund, type RefundPaymentRequest } from './open-refund.ts';

/** How much goes back, and why. */
export interface WantedRefund {
  readonly amount: string;
  readonly reason: string;
  readonly notify: boolean;
}

type Dependencies = Pick<OrderDependencies, 'db' | 'announcer' | 'commands' | 'logger' | 'waitMs'>;

/**
 * Gives money back without goods, whatever has become of the order since it was paid. A refund that is accepted is on record and will be
 * made; the same key is the same refund. Throws ORD005, also for one that was given up meanwhile, VALIDATION and IDEMPOTENCY_KEY_REUSED.
 */
export async function refundPayment(
  dependencies: Dependencies,
  caller: Caller,
  order: OrderWithItems,
  { amount, reason, notify }: WantedRefund,
  key: string | undefined,
): Promise<CommandOutcome> {
  const { db } = dependencies;
  const id = keyedId(key, [order.id, caller.subject, 'refund']);
  const request = { id, orderId: order.id, amount, notifies: notify, actor: caller.actor, reason };
  const opened = await openRefund(dependencies, request);
  if (opened.state === 'OPEN') await tellWorkflow(dependencies, request);
  const state = (await findAmountRefund(db, id))?.state;
  if (state === 'REJECTED') {
    const message =
      'Nothing went back: the refund was given up, or everything had gone back another way. See the history.';
    throw new Refusal('ORD005', message, { orderId: order.id });
  }
  return { order: (await findOrderWithItems(db, order.id)) ?? order, isDone: state === 'REFUNDED' };
}

/** The refund is on record: if its workflow can't be told now, the relay tells it later. */
async function tellWorkflow(
  { commands, logger, waitMs }: Dependencies,
  { id, orderId, actor, reason }: RefundPaymentRequest,
): Promise<void> {
  const command = { actor, reason, command_id: id, refund_id: id };
  try {
    await commands.send(orderId, 'refundPayment', command, waitMs);
  } catch (error) {
    if (!(error instanceof TemporalUnavailableError) && !(error instanceof CommandRefusedError)) throw error;
    logger.info({ order_id: orderId, err: error }, 'refund not told of, left to the relay');
  }
}
