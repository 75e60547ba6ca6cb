import { z } from 'zod';

/** A reservation that holds or has sold its goods, or held them until it expired. */
export const heldReservation = z.object({
  id: z.string().min(1),
  status: z.enum(['HELD', 'COMMITTED', 'EXPIRED']),
  expires_at: z.string().nullable(),
});

/** Goods that were put back, or taken out again. */
export const restocked = z.object({ key: z.string(), withdrawn: z.boolean() });
