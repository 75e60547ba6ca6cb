import type { OrderNotification } from '../src/gateways/notification.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Telling the customer. */
export function notificationActivities(dependencies: ActivityDependencies) {
  const { notification } = dependencies.gateways;
  return {
    /** Sends one message about the order. Key: `<order id>:notify:<type>`. No undo: what is said is said. */
    notifyCustomer: stepActivity(
      'notifyCustomer',
      dependencies,
      async (message: OrderNotification): Promise<void> => notification.send(message),
      { isLast: true },
    ),
  };
}
