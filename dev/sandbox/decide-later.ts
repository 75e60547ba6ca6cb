import type { Pool } from './database.ts';
import { chargeLater } from './payments.ts';
import type { PendingCharge } from './payment-reads.ts';
import type { Decide, LaterService } from './pending-requests.ts';
import { reserveLater, type PendingReservation } from './reservations.ts';
import { storeReservationMessage } from './webhooks.ts';

/** How each service decides on what it has accepted before. With `wake`, it writes a webhook about it and calls `wake`. */
export function decideLater(db: Pool, wake: (() => void) | undefined): Record<LaterService, Decide> {
  return {
    payment: async (row) => {
      await chargeLater(db, row as PendingCharge, wake !== undefined);
      wake?.();
      return null;
    },
    inventory: async (row) => {
      const { isReleased, refusal } = await reserveLater(db, row as PendingReservation);
      if (wake && !isReleased) await storeReservationMessage(db, row, refusal);
      wake?.();
      return refusal;
    },
  };
}
