import { z } from '@hono/zod-openapi';
import { orderStatusSchema, paymentStatusSchema, sagaStateSchema, timeSchema } from './order-schema.ts';

/** Where an order stands and what may follow. */
export const statusSchema = z
  .strictObject({
    id: z.uuid(),
    order_number: z.string(),
    status: orderStatusSchema,
    payment_status: paymentStatusSchema,
    saga_state: sagaStateSchema,
    version: z.int().min(1),
    allowed: z.array(orderStatusSchema).openapi({ description: 'What may follow.' }),
    updated_at: timeSchema,
  })
  .openapi('OrderStatusReport');
