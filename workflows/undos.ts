import type { ActivityCall } from './run-activity.ts';
import type { Order } from './order.ts';

/** Takes `reserveInventory` back, and a committed reservation as well. */
export function releaseInventory(order: Order): ActivityCall<'releaseInventoryIfReserved'> {
  return { name: 'releaseInventoryIfReserved', input: { orderId: order.id }, summary: 'release stock' };
}

/** Takes `chargePayment` back, however often it was tried. */
export function refundPayment(order: Order): ActivityCall<'refundPaymentIfCharged'> {
  const { currency } = order.input;
  return { name: 'refundPaymentIfCharged', input: { orderId: order.id, currency }, summary: `refund ${order.total}` };
}
