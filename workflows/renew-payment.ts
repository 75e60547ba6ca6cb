import { failureTypes } from '../src/domain/failures.ts';
import type { RetryPaymentCommand } from '../src/domain/messages.ts';
import { ONE_METHOD_ONLY } from '../src/domain/payment-part.ts';
import { untilWritten } from './activity-options.ts';
import { createRejection } from './create-rejection.ts';
import type { OrderRun } from './order-run.ts';
import { runRegularActivity } from './run-activity.ts';

/**
 * Has what an expired authorisation does not hold any more authorised with another payment method, so that the goods can be shipped. Throws the
 * refusal of a method that is declined: another one may be offered. Not on the fast path: the command is in the history before it.
 */
export async function renewPayment(order: OrderRun, command: RetryPaymentCommand): Promise<void> {
  const { payment_method: paymentMethod = order.state.paymentMethod, payment_methods: several } = command;
  if (several) throw createRejection(failureTypes.invalidCommand, `"payment_methods" ${ONE_METHOD_ONLY}`);
  const { actor, reason, command_id } = command;
  const input = {
    orderId: order.id,
    key: `command:${command_id}`,
    paymentMethod,
    actor,
    reason: reason || 'another payment method offered',
  };
  await runRegularActivity(
    { name: 'renewPayment', input, summary: 'authorize what is not held any more' },
    untilWritten,
  );
  order.change({ kind: 'paymentMethodOffered', paymentMethod, paymentParts: undefined });
  order.change({ kind: 'paymentOpened', isOpen: false });
}
