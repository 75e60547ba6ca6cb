import { failureTypes } from '../src/domain/failures.ts';
import type { CommandResult, OrderCommand, RetryPaymentCommand } from '../src/domain/messages.ts';
import { parseMoney } from '../src/domain/money.ts';
import { findPartsFault, ONE_METHOD_ONLY, type PaymentPart } from '../src/domain/payment-part.ts';
import { isCapturedLater } from './authorize-payment.ts';
import type { PendingCommand } from './command-queue.ts';
import { createRejection } from './create-rejection.ts';
import type { OrderRun } from './order-run.ts';
import { commitStatus } from './record-status.ts';

type Offer = PendingCommand<RetryPayment, CommandResult>;

type RetryPayment = Extract<OrderCommand, { name: 'retryPayment' }>;

/** The next payment that is offered after a decline and can pay the order; `undefined` when none comes before the deadline. What can't is rejected. */
export async function nextOffer(order: OrderRun, deadline: number): Promise<Offer | undefined> {
  for (;;) {
    const offer = await order.commands.next(isRetryPayment, { timeoutMs: deadline - Date.now() });
    const fault = offer && findFault(order, offer.command.input);
    if (!fault) return offer;
    offer.reject(createRejection(failureTypes.invalidCommand, `"payment_methods" ${fault}`));
  }
}

function isRetryPayment(command: OrderCommand): command is RetryPayment {
  return command.name === 'retryPayment';
}

function findFault(order: OrderRun, command: RetryPaymentCommand): string | undefined {
  if (!command.payment_methods) return undefined;
  if (isCapturedLater(order)) return ONE_METHOD_ONLY;
  const { totalMinor, currency } = order.input;
  try {
    return findPartsFault(partsOf(order, command) ?? [], totalMinor, currency);
  } catch (error) {
    if (error instanceof RangeError) return `must have amounts of ${currency}`;
    throw error;
  }
}

function partsOf({ input }: OrderRun, { payment_methods: methods }: RetryPaymentCommand): PaymentPart[] | undefined {
  return methods?.map(({ method, amount }) => ({
    paymentMethod: method,
    amountMinor: parseMoney(amount, input.currency),
  }));
}

/** Makes the order wait for the payment that is offered in the place of its `attempt`th, and answers who offers it. */
export async function acceptOffer(order: OrderRun, offer: Offer, attempt: number): Promise<void> {
  const { command, resolve, reject } = offer;
  const { payment_method: single, actor, reason } = command.input;
  const parts = partsOf(order, command.input);
  const paymentMethod = parts?.at(-1)?.paymentMethod ?? single ?? order.state.paymentMethod;
  const paymentParts = parts && parts.length > 1 ? parts : undefined;
  const isChanged = paymentParts !== undefined || order.state.paymentParts !== undefined;
  order.change({ kind: 'paymentMethodOffered', paymentMethod, paymentParts });
  try {
    await commitStatus(order, {
      to: 'PENDING',
      key: `payment-retried:${attempt}`,
      actor,
      reason: reason || 'another payment method offered',
      sagaState: 'RUNNING',
      paymentStatus: 'PENDING',
      paymentMethod,
      ...(isChanged && { paymentParts: paymentParts ?? null }),
    });
  } catch (interruption) {
    reject(createRejection(failureTypes.transitionNotAllowed, 'the order is being cancelled'));
    throw interruption;
  }
  // Answered here and now: what comes of the charge is read from the order, as after the first one.
  if (order.status !== 'CANCELLED') resolve({ status: order.status });
  // An attempt at the workflow task that was lost had found the window closed; the tombstones refuse what follows here.
  else reject(createRejection(failureTypes.transitionNotAllowed, 'the order is CANCELLED: no payment is open'));
}
