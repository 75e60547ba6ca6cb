import { completeRecipient } from './complete-recipient.ts';
import type { CustomerGateway } from './customer.ts';
import type { NotificationGateway } from './notification.ts';

/**
 * Sends mails by `notification`, with the e-mail address that the customer service knows where the order has none: a notification service of
 * one's own finds customers by their id, a mail can't.
 */
export function addressedNotificationGateway(
  notification: NotificationGateway,
  customers: CustomerGateway,
): NotificationGateway {
  return {
    send: async (message) => notification.send({ ...message, recipient: await completeRecipient(customers, message) }),
  };
}
