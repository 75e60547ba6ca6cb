import type { OrderNotification } from '../src/gateways/notification.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Notifying the customer. */
export function notificationActivities(dependencies: ActivityDependencies) {
  const { notification } = dependencies.gateways;
  return {
    /** Sends one message about the order. Key: `<order id>:notify:<type>`. No compensation: what is said is said. */
    notifyCustomer: stepActivity('notifyCustomer', dependencies, {
      run: (message: OrderNotification): Promise<void> => notification.send(message),
      isLast: true,
    }),
  };
}
