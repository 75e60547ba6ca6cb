import { confirmationOf, type ToldOrder } from '../src/domain/notify-of-order.ts';
import { findOrderWithItems } from '../src/repositories/order-repository.ts';
import type { ConfirmedOrders } from './confirmed-orders.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Input of {@link notificationActivities}' `notifyCustomer`: nothing personal, as it is kept in the history. */
export interface NotifyInput {
  readonly orderId: string;
  readonly customerId: string;
  readonly type: 'ORDER_CONFIRMED';
  readonly idempotencyKey: string;
}

/** Notifying the customer. */
export function notificationActivities(dependencies: ActivityDependencies, confirmed: ConfirmedOrders) {
  const { db, gateways } = dependencies;
  return {
    /** Sends one message about the order. Key: `<order id>:notify:<type>`. No compensation: what is said is said. */
    notifyCustomer: stepActivity('notifyCustomer', dependencies, {
      run: async ({ orderId }: NotifyInput): Promise<void> => {
        const order = confirmed.take(orderId) ?? (await readOrder(orderId));
        await gateways.notification.send(confirmationOf(order));
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
