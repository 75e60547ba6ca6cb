import { failureTypes } from '../src/domain/failures.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { Reservation } from '../src/gateways/inventory.ts';
import { refusal } from './failures.ts';
import { unlessGoodsLeft } from './goods-left.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';
import type { OrderLine } from '../src/domain/order.ts';

/** Input of {@link inventoryActivities}' `reserveInventory`. */
export interface ReserveInventoryInput {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly ttlMs: number;
}

/** Reserving stock and releasing it. */
export function inventoryActivities(dependencies: ActivityDependencies) {
  const { db, gateways } = dependencies;
  const { inventory } = gateways;
  return {
    /**
     * Reserves every line or none until the reservation expires. Key: the order id. Compensation: `releaseInventoryIfReserved`.
     * Refused: OUT_OF_STOCK (details: `StockShortage[]`), ALREADY_COMPENSATED.
     */
    reserveInventory: stepActivity('reserveInventory', dependencies, {
      run: async (input: ReserveInventoryInput): Promise<Reservation> => {
        try {
          return await inventory.reserve(input.orderId, input.lines, input.ttlMs);
        } catch (error) {
          throw toStockRefusal(error);
        }
      },
    }),

    /**
     * Releases what the order has reserved or taken, if anything, and makes a late reservation impossible.
     * Key: the order id. Right at any time, any number of times. Refused: GOODS_HAVE_LEFT.
     */
    releaseInventoryIfReserved: stepActivity('releaseInventoryIfReserved', dependencies, {
      run: unlessGoodsLeft(db, ({ orderId }: { readonly orderId: string }): Promise<void> =>
        inventory.release(orderId),
      ),
    }),
  };
}

/** An inventory refusal as the saga knows it; anything else unchanged. */
export function toStockRefusal(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.kind !== 'refused') return error;
  if (error.code === 'OUT_OF_STOCK') return refusal(failureTypes.outOfStock, 'out of stock', error.details);
  if (error.code === 'RESERVATION_RELEASED')
    return refusal(failureTypes.alreadyCompensated, 'the reservation was released first');
  if (error.code === 'AMENDMENT_SUPERSEDED')
    return refusal(failureTypes.alreadyCompensated, 'the amendment was compensated first');
  return error;
}
