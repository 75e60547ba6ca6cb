import { z } from '@hono/zod-openapi';
import type { Shipment } from '../../repositories/shipments.ts';
import { itemQuantitySchema, timeSchema } from './order-schema.ts';

/** A shipment on the wire. */
export const shipmentSchema = z
  .strictObject({
    id: z.uuid(),
    items: z.array(itemQuantitySchema),
    carrier: z.string().nullable(),
    tracking_number: z.string().nullable(),
    actor: z.string(),
    reason: z.string().nullable(),
    shipped_at: timeSchema,
  })
  .openapi('Shipment');

/** A shipment as clients see it. */
export function shipmentView(shipment: Shipment): z.output<typeof shipmentSchema> {
  return {
    id: shipment.id,
    items: [...shipment.items],
    carrier: shipment.tracking.carrier,
    tracking_number: shipment.tracking.number,
    actor: shipment.actor,
    reason: shipment.reason,
    shipped_at: shipment.shippedAt.toISOString(),
  };
}
