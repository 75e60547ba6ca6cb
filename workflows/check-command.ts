import type { ApplicationFailure } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { OrderCommand } from '../src/domain/messages.ts';
import { allowedAfter, canTransition, isCancellable, type OrderStatus } from '../src/domain/order-status.ts';
import type { OrderState } from './order-state.ts';
import { createRejection } from './create-rejection.ts';

/** Why a command is not allowed in this state of the order; `undefined` when it is. */
export function findRejection(state: OrderState, command: OrderCommand): ApplicationFailure | undefined {
  const { status } = state;
  switch (command.name) {
    case 'cancelOrder':
      if (state.isPartlyShipped) return createShippedRejection();
      return isCancellable(status)
        ? undefined
        : createRejection(failureTypes.tooLateToCancel, `the order is ${status} and can't be cancelled any more`);
    case 'changeStatus':
      return canTransition(status, command.input.status)
        ? undefined
        : notAllowed(describeTransition(status, command.input.status));
    case 'retryPayment':
      return status === 'PAYMENT_FAILED' || state.isPaymentOpen
        ? undefined
        : notAllowed(`the order is ${status}: no payment is open`);
    case 'amendItems':
      return state.isBackordered || status === 'CONFIRMED' || status === 'PROCESSING'
        ? undefined
        : notAllowed(`the order is ${status} and can't be amended`);
    case 'returnItems':
      // An order that is resumed may be RETURNED by this very return, and of a SHIPPED one the parcel may be refused: `openReturn` knows.
      return status === 'RETURNED' || canTransition(status, 'RETURNED')
        ? undefined
        : notAllowed(`the order is ${status}: only delivered goods can be returned`);
    case 'refundPayment':
      return status === 'PENDING' || status === 'PAYMENT_FAILED'
        ? notAllowed(`the order is ${status}: nothing of it is paid for good yet`)
        : undefined;
    case 'reviewOrder':
      return state.parked.has('reviewOrder')
        ? undefined
        : createRejection(failureTypes.invalidCommand, 'the order does not wait for a review');
    case 'resolveStep':
      return state.parked.has(command.input.step) ||
        (state.isNotificationFailed && command.input.step === 'notifyCustomer')
        ? undefined
        : createRejection(failureTypes.invalidCommand, 'no step of this order needs attention');
    default:
      return command satisfies never;
  }
}

/** Rejects a cancellation, since goods have left. */
export function createShippedRejection(): ApplicationFailure {
  const message = 'a part of the order has been shipped; what has not can be taken out of it by amending its items';
  return createRejection(failureTypes.tooLateToCancel, message);
}

function notAllowed(message: string): ApplicationFailure {
  return createRejection(failureTypes.transitionNotAllowed, message);
}

function describeTransition(from: OrderStatus, to: OrderStatus): string {
  const allowed = allowedAfter(from);
  return `${from} → ${to} is not allowed; from ${from} the order may go to ${allowed.join(', ') || 'nothing else'}`;
}
