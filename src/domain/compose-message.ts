import type { MessageSubject } from './order-message.ts';
import type { NotificationLine, NotificationOf, NotificationType, RefundCause } from './order-notification.ts';
import type { ItemQuantity, OrderReturn } from './order-return.ts';
import type { OrderWithItems, Tracking } from './order.ts';
import { formatMoney } from './money.ts';
import { confirmationOf, lineOf, notifyOfOrder } from './notify-of-order.ts';
import { toldReason } from './told-reason.ts';

/** An order as it stands when one of its messages is to be sent, with the shipment or return that the message is about. */
export interface OrderNow {
  readonly order: OrderWithItems;
  readonly about: MessageSubject;
  readonly shipment?:
    | { readonly items: readonly ItemQuantity[]; readonly tracking: Tracking; readonly isNewest: boolean }
    | undefined;
  readonly returned?: Pick<OrderReturn, 'items' | 'state' | 'refundMinor'> | undefined;
}

/** Why a message is not true, or no news, any more. */
export interface Untrue {
  readonly untrue: string;
}

/** What a message of each type says of an order that stands as it does now; or why it is not to be sent. */
export const composeMessage: {
  readonly [Type in NotificationType]: (now: OrderNow, at: Date) => NotificationOf<Type> | Untrue;
} = {
  ORDER_CONFIRMED: ({ order }) => {
    if (order.confirmedAt === null) return untrue(order, 'it is not confirmed');
    return order.status === 'CANCELLED' ? untrue(order, 'it is not confirmed any more') : confirmationOf(order);
  },
  PAYMENT_FAILED: ({ order }, at) => {
    const { status, paymentRetryUntil: until, failure } = order;
    if (status !== 'PAYMENT_FAILED') return untrue(order, 'it does not wait for another payment method');
    if (until && until <= at) return untrue(order, 'the time for another payment method is over');
    const code = failure?.details.find((detail) => 'decline_code' in detail)?.['decline_code'];
    return notifyOfOrder(order, 'PAYMENT_FAILED', {
      total: formatMoney(order.totalMinor, order.currency),
      decline_code: code === undefined ? null : String(code),
      retry_until: time(until),
    });
  },
  PAYMENT_ACTION_REQUIRED: ({ order }, at) => {
    const { paymentStatus, paymentAction: action } = order;
    if (paymentStatus !== 'ACTION_REQUIRED') {
      return untrue(order, `its payment is ${paymentStatus}, and needs nothing of the customer`);
    }
    if (action && action.until <= at) return untrue(order, 'the time to confirm its payment is over');
    return notifyOfOrder(order, 'PAYMENT_ACTION_REQUIRED', {
      total: formatMoney(order.totalMinor, order.currency),
      action_url: action?.nextAction.type === 'redirect' ? action.nextAction.url : null,
      until: time(action && action.until),
    });
  },
  ORDER_SHIPPED: ({ order, shipment }) => {
    if (!shipment) return untrue(order, 'nothing has left');
    const { carrier, number } = shipment.tracking;
    const isLast =
      shipment.isNewest && order.items.every(({ quantity, shippedQuantity }) => shippedQuantity >= quantity);
    const lines = linesOf(order, shipment.items);
    return notifyOfOrder(order, 'ORDER_SHIPPED', { lines, is_last: isLast, carrier, tracking: number });
  },
  ORDER_DELIVERED: ({ order }) => {
    if (order.status !== 'DELIVERED') return untrue(order, 'the customer does not have the goods');
    return notifyOfOrder(order, 'ORDER_DELIVERED', { lines: allLines(order), delivered_at: time(order.deliveredAt) });
  },
  ORDER_CANCELLED: ({ order }) => {
    if (order.status !== 'CANCELLED') return untrue(order, 'it is not cancelled');
    const { failure, cancellationReason, refundedMinor, currency } = order;
    return notifyOfOrder(order, 'ORDER_CANCELLED', {
      lines: allLines(order),
      cause: failure ? cancellationCause[failure.code] : 'OTHER',
      // Of an order that was not accepted it says just that, in English.
      reason: failure?.code === 'ORD007' ? null : toldReason(cancellationReason),
      refund_amount: refundedMinor > 0 ? formatMoney(refundedMinor, currency) : null,
    });
  },
  ORDER_REFUNDED: ({ order, about }) => {
    const { amount, refund_id: id = '', reason = null } = about;
    if (amount === undefined) return untrue(order, 'nothing was refunded');
    return notifyOfOrder(order, 'ORDER_REFUNDED', {
      amount,
      cause: refundCause(id, order.id),
      reason: toldReason(reason),
    });
  },
  RETURN_RECEIVED: ({ order, returned }) => {
    if (!returned || returned.state === 'OPEN' || returned.state === 'REJECTED') {
      return untrue(order, 'nothing has come back');
    }
    return notifyOfOrder(order, 'RETURN_RECEIVED', {
      lines: linesOf(order, returned.items),
      refund_amount: formatMoney(returned.refundMinor, order.currency),
    });
  },
};

const cancellationCause = { ORD002: 'OUT_OF_STOCK', ORD003: 'PAYMENT_DECLINED', ORD007: 'OTHER' } as const;

/** By the refund's key, which says what it was made for. */
function refundCause(refundId: string, orderId: string): RefundCause {
  const purpose = refundId.replace(`${orderId}:refund`, '');
  if (purpose === '' || purpose.startsWith(':external')) return 'CANCELLATION';
  if (purpose.startsWith(':return:')) return 'RETURN';
  return purpose.startsWith(':amend:') ? 'AMENDMENT' : 'OTHER';
}

function untrue({ status }: OrderWithItems, why: string): Untrue {
  return { untrue: `the order is ${status}: ${why}` };
}

function time(at: Date | null): string | null {
  return at && at.toISOString();
}

function allLines({ items, currency }: OrderWithItems): NotificationLine[] {
  return items.map((item) => lineOf(item, item.quantity, currency));
}

/** The lines of which some are meant; one that an amendment has removed since is left out. */
function linesOf({ items, currency }: OrderWithItems, quantities: readonly ItemQuantity[]): NotificationLine[] {
  return quantities.flatMap(({ item_id: id, quantity }) => {
    const item = items.find((one) => one.id === id);
    return item ? [lineOf(item, quantity, currency)] : [];
  });
}
