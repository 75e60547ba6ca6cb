import type { z } from 'zod';
import { eventTypes, type EventData, type EventType } from '../../domain/order-event.ts';
import { webhookEndpointDisabled } from './endpoint-events.ts';
import * as order from './order-events.ts';
import * as payment from './payment-events.ts';
import * as returned from './return-events.ts';

/** What the data of each type of event holds: all that is documented of events, and that is checked of them, is made from these. */
export const eventSchemas = {
  'order.created': order.orderCreated,
  'order.pending': order.orderPending,
  'order.confirmed': order.orderConfirmed,
  'order.payment_failed': order.orderPaymentFailed,
  'order.processing': order.orderProcessing,
  'order.partly_shipped': order.orderPartlyShipped,
  'order.shipped': order.orderShipped,
  'order.shipment_corrected': order.orderShipmentCorrected,
  'order.delivered': order.orderDelivered,
  'order.cancelled': order.orderCancelled,
  'order.edited': order.orderEdited,
  'order.amended': order.orderAmended,
  'order.out_of_stock': order.orderOutOfStock,
  'order.return_opened': returned.orderReturnOpened,
  'order.return_refunded': returned.orderReturnRefunded,
  'order.return_unrefunded': returned.orderReturnUnrefunded,
  'order.return_rejected': returned.orderReturnRejected,
  'order.refund_opened': returned.orderRefundOpened,
  'order.refund_made': returned.orderRefundMade,
  'order.refund_rejected': returned.orderRefundRejected,
  'order.returned': order.orderReturned,
  'order.refunded': order.orderRefunded,
  'order.needs_attention': order.orderNeedsAttention,
  'order.updated': order.orderUpdated,
  'payment.processed': payment.paymentProcessed,
  'payment.failed': payment.paymentFailed,
  'payment.refunded': payment.paymentRefunded,
  'webhook_endpoint.disabled': webhookEndpointDisabled,
} satisfies { readonly [Type in EventType]: z.ZodType<EventData<Type>> };

/** Whether events of this type are published. */
export function isEventType(type: string): type is EventType {
  return eventTypes.some((known) => known === type);
}
