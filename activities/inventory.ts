import { failureTypes } from '../src/domain/failures.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { PendingReservation, Reservation } from '../src/gateways/inventory.ts';
import { awaitingAnswer, refusal } from './failures.ts';
import { unlessGoodsLeft } from './goods-left.ts';
import { stepActivity, type ActivityDependencies, type Awaitable } from './step-activity.ts';
import type { OrderLine } from '../src/domain/order.ts';

/** Input of {@link inventoryActivities}' `reserveInventory`. */
export interface ReserveInventoryInput extends Awaitable {
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
     * AWAITING_ANSWER when the inventory answers later; what became of it is looked up then, and asked for again only if the inventory
     * knows nothing of it. Refused: OUT_OF_STOCK (details: `StockShortage[]`), ALREADY_COMPENSATED.
     */
    reserveInventory: stepActivity('reserveInventory', dependencies, {
      run: async ({ orderId, lines, ttlMs, awaitedSince }: ReserveInventoryInput): Promise<Reservation> => {
        try {
          const known = awaitedSince === undefined ? undefined : await inventory.findReservation(orderId);
          return requireDecided(known ?? (await inventory.reserve(orderId, lines, ttlMs)), awaitedSince);
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

function requireDecided(reservation: Reservation | PendingReservation, awaitedSince: string | undefined): Reservation {
  if (!('pendingId' in reservation)) return reservation;
  throw awaitingAnswer(`inventory as reservation ${reservation.pendingId}`, awaitedSince ?? new Date().toISOString());
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
