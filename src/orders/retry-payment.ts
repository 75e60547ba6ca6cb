import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import type { RetryPaymentCommand } from '../domain/messages.ts';
import { allowedAfter } from '../domain/order-status.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { ONE_METHOD_ONLY } from '../domain/payment-part.ts';
import { isUnpaidForShipping } from '../domain/payment-status.ts';
import { invalidRequest, Refusal } from '../domain/refusal.ts';
import { commandOrder, type CommandOutcome } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { claimCommandId } from './idempotency.ts';
import { readPayment, type WantedPayment } from './payment-methods.ts';
import { requireFewDeclines } from './require-few-declines.ts';
import { refuseIfFailed, waitForOrder } from './order-outcome.ts';

type Dependencies = Pick<OrderDependencies, 'db' | 'commands' | 'changes' | 'logger' | 'waitMs' | 'rules'>;

/**
 * Pays for an order with another payment method, or with several, after one was declined; done when the order is confirmed, or, for one that
 * could not be shipped since its payment had expired, when what it lacks is authorised. Throws VALIDATION for several that don't add up to its total.
 * Throws ORD003 when this one is declined as well, ORD005 when no payment is open, RATE_LIMITED when too many were declined lately,
 * FORBIDDEN and IDEMPOTENCY_KEY_REUSED.
 */
export async function retryPayment(
  dependencies: Dependencies,
  caller: Caller,
  order: OrderWithItems,
  payment: WantedPayment,
  key: string | undefined,
): Promise<CommandOutcome> {
  requirePayer(caller, order);
  // A request with a key may repeat one that has been done, after which the order no longer waits for a payment: the workflow knows
  // it and gives the same answer.
  const isUnpaid = isUnpaidForShipping(order);
  const isOpen = order.status === 'PAYMENT_FAILED' || isUnpaid;
  if (!isOpen && key === undefined) throw notAwaitingPayment(order);
  if (isUnpaid) requireSingle(payment);
  else if (isOpen) readPayment(payment, { ...order, paymentCapture: dependencies.rules.paymentCapture });
  const target = { target: order.id, name: 'retryPayment' } as const;
  const asked = payment.payment_methods
    ? { payment_methods: payment.payment_methods }
    : { payment_method: payment.payment_method };
  const commandId = await claimCommandId(dependencies.db, caller, target, { key, asked });
  // A repeat of an attempt that has been made asks for no other charge.
  if (isOpen) await requireFewDeclines(dependencies, { orderId: order.id });
  const command = {
    actor: caller.actor,
    reason: 'another payment method',
    command_id: commandId,
    ...asked,
  };
  const after = await sendAndWait(dependencies, order, command);
  return { order: after, isDone: after.confirmedAt !== null && !isUnpaidForShipping(after) };
}

/** Of goods that are paid as they are shipped only a part may be left to pay. */
function requireSingle({ payment_methods: several }: WantedPayment): void {
  if (several) throw invalidRequest([{ pointer: '/payment_methods', message: ONE_METHOD_ONLY }]);
}

/** The order after the attempt, paid or not yet. */
async function sendAndWait(
  dependencies: Dependencies,
  before: OrderWithItems,
  command: RetryPaymentCommand,
): Promise<OrderWithItems> {
  const deadline = Date.now() + dependencies.waitMs;
  const { reply, order } = await commandOrder(dependencies, before, 'retryPayment', command);
  const isTold = reply.outcome === 'done' && reply.status !== 'PENDING';
  const isOver = (now: OrderWithItems) =>
    isTold ||
    (now.version > before.version &&
      !isUnpaidForShipping(now) &&
      (now.status !== 'PENDING' || now.paymentStatus === 'ACTION_REQUIRED'));
  const after = await waitForOrder(dependencies, order, deadline - Date.now(), isOver);
  if (isOver(after)) refuseIfFailed(after);
  return after;
}

function requirePayer(caller: Caller, order: OrderWithItems): void {
  if (order.customerId === caller.subject || hasRole(caller, priceSetters)) return;
  throw new Refusal('FORBIDDEN', 'Only the customer pays for an order.');
}

function notAwaitingPayment({ id, status }: OrderWithItems): Refusal {
  return new Refusal('ORD005', `The order is ${status} and does not wait for another payment method.`, {
    details: [{ from: status, to: 'PENDING', allowed: allowedAfter(status) }],
    orderId: id,
  });
}
