import { allowedAfter } from '../domain/order-status.ts';
import type { Order } from '../domain/order.ts';

/** Where an order stands and what may follow, as clients see it. */
export function statusReport(order: Order) {
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
