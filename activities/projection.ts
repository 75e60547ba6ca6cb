import type { OrderStatus } from '../src/domain/order-status.ts';
import type { OrderTransition } from '../src/domain/order-transition.ts';
import { recordStatus } from '../src/orders/record-status.ts';
import { refundLateCharges } from '../src/orders/refund-late-charges.ts';
import { recordDecision, type DecisionRecord } from '../src/orders/record-decision.ts';
import { recordNotification, type NotificationRecord } from '../src/orders/record-notification.ts';
import { recordParking, type ParkingRecord } from '../src/orders/record-parking.ts';
import { throwActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Writing what the saga has come to into the projection. */
export function projectionActivities(dependencies: ActivityDependencies) {
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

    /** Writes that a step waits for an operator. Key: the parking's. */
    recordParking: (record: ParkingRecord): Promise<void> =>
      recordParking(dependencies, record).catch(throwActivityFailure),

    /** Writes what an operator decided about a parked step. Key: the decision's. */
    recordDecision: (record: DecisionRecord): Promise<{ byHandMinor: number }> =>
      recordDecision(dependencies, record).catch(throwActivityFailure),

    /** Writes that the customer could not be notified, or that this has been dealt with. Key: the change's. */
    recordNotification: (record: NotificationRecord): Promise<void> =>
      recordNotification(dependencies, record).catch(throwActivityFailure),
  };
}
