import type { OrderLine } from '../src/domain/messages.ts';
import { failureTypes } from '../src/domain/failures.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { Reservation } from '../src/gateways/inventory.ts';
import { refusal } from './failures.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Input of {@link inventoryActivities}' `reserveInventory`. */
export interface ReserveInventoryInput {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly ttlMs: number;
}

/** Holding stock and giving it back. */
export function inventoryActivities(dependencies: ActivityDependencies) {
  const { inventory } = dependencies.gateways;
  return {
    /**
     * Holds every line or none until the hold expires. Key: the order id. Undo: `releaseInventoryIfReserved`.
     * Refused: OUT_OF_STOCK (details: `StockShortage[]`), ALREADY_UNDONE.
     */
    reserveInventory: stepActivity(
      'reserveInventory',
      dependencies,
      async (input: ReserveInventoryInput): Promise<Reservation> => {
        try {
          return await inventory.reserve(input.orderId, input.lines, input.ttlMs);
        } catch (error) {
          throw toStockRefusal(error);
        }
      },
    ),

    /**
     * Gives back what the order holds or took, if anything, and makes a late reservation impossible.
     * Key: the order id. Right at any time, any number of times. Refused: GOODS_HAVE_LEFT.
     */
    releaseInventoryIfReserved: stepActivity(
      'releaseInventoryIfReserved',
      dependencies,
      async ({ orderId }: { readonly orderId: string }): Promise<void> => inventory.release(orderId),
    ),
  };
}

/** An inventory refusal as the saga knows it; anything else unchanged. */
export function toStockRefusal(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.kind !== 'refused') return error;
  if (error.code === 'OUT_OF_STOCK') return refusal(failureTypes.outOfStock, 'out of stock', error.details);
  if (error.code === 'RESERVATION_RELEASED') return refusal(failureTypes.undone, 'the reservation was released first');
  if (error.code === 'AMENDMENT_SUPERSEDED') return refusal(failureTypes.undone, 'the amendment was taken back first');
  return error;
}
