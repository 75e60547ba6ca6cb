import { orderUrlOf, type MessageSettings } from '../src/domain/message-settings.ts';
import { confirmationOf, type ToldOrder } from '../src/domain/notify-of-order.ts';
import { maskEmail } from '../src/domain/order-message.ts';
import { findOrderWithItems } from '../src/repositories/order-repository.ts';
import type { ConfirmedOrders } from './confirmed-orders.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Whether confirmations are sent, and what is said in them. */
export interface MessageRules {
  readonly messages: Pick<MessageSettings, 'types' | 'orderUrl'>;
}

/** Input of {@link notificationActivities}' `notifyCustomer`: nothing personal, as it is kept in the history. */
export interface NotifyInput {
  readonly orderId: string;
  readonly customerId: string;
  readonly type: 'ORDER_CONFIRMED';
  readonly idempotencyKey: string;
}

/** Notifying the customer. */
export function notificationActivities(
  dependencies: ActivityDependencies,
  { messages }: MessageRules,
  confirmed: ConfirmedOrders,
) {
  const { db, gateways } = dependencies;
  return {
    /**
     * Tells the customer that the order is confirmed, unless the settings say that customers aren't told. Key: `<order id>:notify:<type>`.
     * No compensation: what is said is said.
     */
    notifyCustomer: stepActivity('notifyCustomer', dependencies, {
      run: async ({ orderId, type }: NotifyInput, { noteRecipient }): Promise<void> => {
        if (!messages.types.includes(type)) return;
        const order = confirmed.take(orderId) ?? (await readOrder(orderId));
        const message = { ...confirmationOf(order), orderUrl: orderUrlOf(messages, order) };
        const { email } = await gateways.notification.send(message);
        if (email !== undefined) noteRecipient(maskEmail(email));
      },
      isLast: true,
    }),
  };

  async function readOrder(orderId: string): Promise<ToldOrder> {
    const order = await findOrderWithItems(db, orderId);
    if (!order) throw new Error(`no order ${orderId}`);
    return order;
  }
}
