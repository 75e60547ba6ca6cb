import type { OrderNotification, Recipient } from '../domain/order-notification.ts';
import type { CustomerGateway } from './customer.ts';

/** Whom a message goes to: completed by what the customer service knows where the order has no e-mail address. Rejects as `findCustomer` does. */
export async function completeRecipient(
  customers: CustomerGateway,
  { customerId, recipient }: Pick<OrderNotification, 'customerId' | 'recipient'>,
): Promise<Recipient> {
  if (recipient.email !== undefined) return recipient;
  const known = await customers.findCustomer(customerId);
  return { ...recipient, name: recipient.name ?? known?.name, email: known?.email };
}
