import type { Operations } from '../../client/client.ts';
import { html } from '../ui/html.ts';
import { wordsOf } from '../ui/words.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { choiceField } from './fields.ts';
import { under, type OrderAction } from './order-action.ts';
import { recipientOf } from './order-facts.ts';

type MessageType = Operations['notifyCustomer']['request']['body']['type'];

/** Which messages may be true of an order in a status; the API knows exactly. */
function typesFor({ order }: OrderDetails): MessageType[] {
  const afterConfirming: MessageType[] = order.confirmed_at === null ? [] : ['ORDER_CONFIRMED'];
  return [
    ...afterConfirming,
    ...(order.shipped_at === null ? [] : ['ORDER_SHIPPED' as const]),
    ...(order.delivered_at === null ? [] : ['ORDER_DELIVERED' as const]),
    ...(order.status === 'PAYMENT_FAILED' ? ['PAYMENT_FAILED' as const] : []),
    ...(order.status === 'CANCELLED' ? ['ORDER_CANCELLED' as const] : []),
    ...(/[1-9]/.test(order.refunded_amount) ? ['ORDER_REFUNDED' as const] : []),
    ...(order.items.some(({ returned_quantity: returned }) => returned > 0) ? ['RETURN_RECEIVED' as const] : []),
  ];
}

/** Sends the customer a message once more. */
export const sendMessageAction: OrderAction = {
  name: 'message',
  title: 'Send a message again',
  roles: ['support', 'admin'],
  isOffered: (details) => typesFor(details).length > 0,
  form: (details) =>
    html`${choiceField(
      'type',
      'Message',
      typesFor(details).map((type) => [type, wordsOf(type)]),
    )}`,
  prepare: (fields, details) => {
    const type = fields.choice('type', 'Message', typesFor(details));
    return {
      effects: [`“${wordsOf(type)}” goes to ${recipientOf(details)} once more, as a new message.`],
      button: 'Send it',
      isFinal: true,
      perform: async (client, key) => {
        const sent = await client.notifyCustomer({ id: details.order.id, body: { type }, ...under(key) });
        return `The message is ${sent.state === 'SENT' ? 'sent' : 'about to be sent'}.`;
      },
    };
  },
};
