import type { OrderStatus } from '../src/domain/order-status.ts';
import type { OrderTransition } from '../src/domain/order-transition.ts';
import { recordStatus } from '../src/orders/record-status.ts';
import { refundLateCharges } from '../src/orders/refund-late-charges.ts';
import { recordSagaState, type SagaStateRecord } from '../src/repositories/saga-steps.ts';
import { throwActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Writing what the saga has come to into the projection. */
export function projectionActivities(dependencies: ActivityDependencies) {
  const { db, announcer } = dependencies;
  return {
    /**
     * Writes a status with its history, outbox and ledger rows; returns the status that the order has afterwards,
     * which is another one when the write came too late. Key: the transition's key. Once the order is cancelled, what the payment
     * service has reported as charged meanwhile is refunded.
     */
    recordStatus: async (transition: OrderTransition): Promise<{ status: OrderStatus }> => {
      const status = await recordStatus(dependencies, transition).catch(throwActivityFailure);
      if (status === 'CANCELLED') {
        await refundLateCharges(dependencies, transition.orderId).catch(throwActivityFailure);
      }
      return { status };
    },

    /** Writes where the saga stands, without a change of status. Key: none needed, a repeat writes the same. */
    recordSagaState: async (record: SagaStateRecord): Promise<void> => {
      await recordSagaState(db, record).catch(throwActivityFailure);
      announcer.announce(record.orderId);
    },
  };
}
