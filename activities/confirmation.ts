import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { SAGA_ACTOR } from '../src/domain/order.ts';
import type { StepRecord } from '../src/domain/saga.ts';
import type { OrderTransition, PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { recordStatus } from '../src/orders/record-status.ts';
import { refusal } from './failures.ts';
import type { ConfirmedOrders } from './confirmed-orders.ts';
import { toStockRefusal } from './inventory.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Input of {@link confirmationActivities}' `confirmOrder`: what the steps before it came to. */
export interface ConfirmOrderInput {
  readonly orderId: string;
  readonly reservationId?: string | undefined;
  readonly paymentMethod: string;
  /** What it was paid with, in order of use; none when there was nothing to charge. */
  readonly charges: readonly PaymentTransactionRecord[];
  readonly steps: readonly StepRecord[];
}

/** Making the order binding. */
export function confirmationActivities(dependencies: ActivityDependencies, confirmed: ConfirmedOrders) {
  const { gateways } = dependencies;
  return {
    /**
     * Commits the reservation (taking the goods anew if the hold expired), then writes CONFIRMED with the outcome of every step.
     * Key: the order id. No compensation of its own: those of the steps before it cover a committed reservation too.
     * Returns the status that the order has, which is a later one when this runs again. Refused: OUT_OF_STOCK, ALREADY_COMPENSATED.
     */
    confirmOrder: stepActivity('confirmOrder', dependencies, {
      run: async (input: ConfirmOrderInput, { number }): Promise<{ status: OrderStatus }> => {
        const startedAt = new Date().toISOString();
        await commitReservation(input.orderId);
        const isHeld = input.charges.some(({ kind }) => kind === 'AUTHORIZATION');
        const status = await recordConfirmed({
          orderId: input.orderId,
          to: 'CONFIRMED',
          key: 'confirmed',
          actor: SAGA_ACTOR,
          reason: `stock reserved and payment ${isHeld ? 'authorised' : 'captured'}`,
          sagaState: 'COMPLETED',
          paymentStatus: isHeld ? 'AUTHORIZED' : 'CAPTURED',
          paymentId: input.charges.at(-1)?.paymentId,
          paymentMethod: input.paymentMethod,
          reservationId: input.reservationId,
          transactions: input.charges,
          // It may have been refused before: one statement writes a step once.
          steps: [
            ...input.steps.filter(({ step }) => step !== 'confirmOrder'),
            { step: 'confirmOrder', state: 'DONE', attempts: number, startedAt },
          ],
        });
        if (status === 'CANCELLED') throw refusal(failureTypes.alreadyCompensated, 'the order was cancelled first');
        return { status };
      },
    }),
  };

  /** An order that is not confirmed though everything is done for it needs an operator: nothing of it is compensated. */
  async function recordConfirmed(transition: OrderTransition): Promise<OrderStatus> {
    try {
      return await recordStatus(dependencies, transition, confirmed.add);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw ApplicationFailure.create({ type: failureTypes.rejected, message: error.message, nonRetryable: true });
    }
  }

  async function commitReservation(orderId: string): Promise<void> {
    try {
      await gateways.inventory.commit(orderId);
    } catch (error) {
      throw toStockRefusal(error);
    }
  }
}
