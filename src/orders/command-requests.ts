import { z } from 'zod';
import { orderStatuses } from '../domain/order-status.ts';
import { MAX_TRACKING } from '../domain/text-rules.ts';
import { itemQuantitiesRequest } from './order-request.ts';
import { line, reason } from './text-schemas.ts';

const trackingRequest = z
  .strictObject({ carrier: line(MAX_TRACKING).optional(), number: line(MAX_TRACKING).optional() })
  .meta({ id: 'TrackingRequest', example: { carrier: 'DHL', number: 'JD014600003' } });

/** Which status an order is to have, and why. */
export const statusRequest = z
  .strictObject({
    status: z.enum(orderStatuses),
    reason,
    tracking: z
      .union([trackingRequest, line(MAX_TRACKING)], 'must be a tracking number, or an object of "carrier" and "number"')
      .optional()
      .meta({ description: 'How the goods travel; a text is the number.' }),
    items: itemQuantitiesRequest.optional().meta({
      description: 'With SHIPPED: what leaves with this shipment. The order becomes SHIPPED when nothing is left.',
    }),
  })
  .meta({ id: 'StatusRequest' });

/** Why an order is to be cancelled, if a reason is given. */
export const cancelRequest = z.strictObject({ reason: reason.optional() }).meta({ id: 'CancelRequest' });
