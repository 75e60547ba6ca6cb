import { recordShipment, type CapturedPart } from '../src/orders/record-shipment.ts';
import type { NewShipment } from '../src/repositories/shipments.ts';
import { throwActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Shipping a part of an order. */
export function shipmentActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Writes what leaves with this shipment; nothing if it is the last one, so that the order becomes SHIPPED instead.
     * Key: the shipment's. Refused: NOT_POSSIBLE, TRANSITION_NOT_ALLOWED.
     */
    recordShipment: (shipment: NewShipment & CapturedPart): Promise<{ isLast: boolean }> =>
      recordShipment(dependencies, shipment).catch(throwActivityFailure),
  };
}
