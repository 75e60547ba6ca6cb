import { ApplicationFailure } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { ChangeStatusCommand } from '../src/domain/messages.ts';
import { allowedAfter, canTransition, isCancellable, type OrderStatus } from '../src/domain/order-status.ts';
import { cancelOrder } from './cancel-order.ts';
import type { Entry } from './inbox.ts';
import type { Order } from './order.ts';
import { recordStatus } from './record-status.ts';
import type { Saga } from './saga.ts';

/** Takes commands one after the other until the order is final: cancelled, refunded, or delivered with its return window over. */
export async function fulfilOrder(order: Order, saga: Saga): Promise<void> {
  let returnsEnd: number | undefined;
  while (!isFinal(order.status)) {
    if (order.status === 'DELIVERED') returnsEnd ??= Date.now() + order.input.returnWindowMs;
    const entry = await order.inbox.next(() => true, returnsEnd && returnsEnd - Date.now());
    if (!entry) return;
    await obey(order, saga, entry);
  }
}

async function obey(order: Order, saga: Saga, entry: Entry): Promise<void> {
  // It was allowed when it was accepted; another command may have come first.
  const refused = refusalOf(order.status, entry);
  if (refused) {
    entry.reject(refused);
    return;
  }
  if (entry.name === 'cancelOrder') {
    await cancelOrder(order, saga, { actor: entry.command.actor, reason: entry.command.reason || 'cancelled' });
    // After a reset the projection may know better than we did: then nothing was cancelled.
    const tooLate = order.status === 'CANCELLED' ? undefined : refusalOf(order.status, entry);
    if (tooLate) {
      entry.reject(tooLate);
      return;
    }
  } else {
    await changeStatus(order, entry.command as ChangeStatusCommand);
  }
  entry.resolve({ status: order.status });
}

async function changeStatus(order: Order, command: ChangeStatusCommand): Promise<void> {
  const { status: to, actor, reason, carrier, tracking_number, command_id } = command;
  const tracking =
    carrier !== undefined || tracking_number !== undefined
      ? { carrier: carrier ?? null, number: tracking_number ?? null }
      : undefined;
  await recordStatus(order, { to, key: `command:${command_id}`, actor, reason, tracking, sagaState: 'COMPLETED' });
}

function isFinal(status: OrderStatus): boolean {
  return allowedAfter(status).length === 0;
}

/** Why a command can't be followed where the order stands; `undefined` when it can. */
export function refusalOf(
  status: OrderStatus,
  { name, command }: Pick<Entry, 'name' | 'command'>,
): ApplicationFailure | undefined {
  switch (name) {
    case 'cancelOrder':
      return isCancellable(status)
        ? undefined
        : refuse(failureTypes.tooLateToCancel, `the order is ${status} and can't be cancelled any more`);
    case 'changeStatus': {
      const to = (command as ChangeStatusCommand).status;
      return canTransition(status, to) ? undefined : refuse(failureTypes.transitionNotAllowed, explain(status, to));
    }
    case 'retryPayment':
      return status === 'PAYMENT_FAILED'
        ? undefined
        : refuse(failureTypes.transitionNotAllowed, `the order is ${status}: no payment is open`);
    case 'resolveStep':
      return refuse(failureTypes.invalidCommand, 'no step of this order needs attention');
    default:
      return name satisfies never;
  }
}

function explain(from: OrderStatus, to: OrderStatus): string {
  const allowed = allowedAfter(from);
  return `${from} → ${to} is not allowed; from ${from} the order may go to ${allowed.join(', ') || 'nothing else'}`;
}

/** A command's refusal, as its caller gets it. */
export function refuse(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
