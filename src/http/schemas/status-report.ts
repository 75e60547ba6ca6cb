import { z } from '@hono/zod-openapi';
import { allowedAfter } from '../../domain/order-status.ts';
import type { Order } from '../../domain/order.ts';
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

/** Reports where the order stands. */
export function statusReport(order: Order): z.infer<typeof statusSchema> {
  return {
    id: order.id,
    order_number: order.orderNumber,
    status: order.status,
    payment_status: order.paymentStatus,
    saga_state: order.sagaState,
    version: order.version,
    allowed: [...allowedAfter(order.status)],
    updated_at: order.updatedAt.toISOString(),
  };
}
