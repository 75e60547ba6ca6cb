import { failureTypes } from '../src/domain/failures.ts';
import { recordShipment as writeShipment, type NewShipment } from '../src/repositories/shipments.ts';
import { refusal, toActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Sending a part of the goods. */
export function shipmentActivities({ db, announcer }: ActivityDependencies) {
  return {
    /**
     * Writes what leaves with this shipment; says so when nothing would be left, so that the order is marked as shipped instead.
     * Key: the shipment's. Refused: NOT_POSSIBLE, TRANSITION_NOT_ALLOWED.
     */
    recordShipment: async (shipment: NewShipment): Promise<{ isLast: boolean }> => {
      const result = await writeShipment(db, shipment).catch((error: unknown) => {
        throw toActivityFailure(error);
      });
      if (result.outcome === 'impossible') throw refusal(failureTypes.notPossible, result.problem);
      if (result.outcome === 'too late') {
        throw refusal(failureTypes.transitionNotAllowed, `the order is ${result.status}: nothing of it can be shipped`);
      }
      announcer.announce(shipment.orderId);
      return { isLast: result.outcome === 'last' };
    },
  };
}
