import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { money } from '../view.ts';
import { textField } from './fields.ts';
import { isUnpaidForShipping } from '../../domain/payment-status.ts';
import { under, type OrderAction } from './order-action.ts';

/** Tries another payment method after the payment has failed. */
export const retryPaymentAction: OrderAction = {
  name: 'payment',
  title: 'Offer another payment method',
  roles: ['admin'],
  isOffered: ({ order }) => order.status === 'PAYMENT_FAILED' || isUnpaid(order),
  form: () =>
    html`${textField('method', 'Token of the payment method', {
      hint: 'As the payment service calls it, such as tok_… or pm_…; never a card number.',
    })}`,
  prepare: (fields, { order }, view) => {
    const method = fields.required('method', 'Token of the payment method');
    return {
      effects: [
        isUnpaid(order)
          ? 'What is not held any more of the total is authorised with it now. If that succeeds, the goods can be shipped.'
          : `${money(view, order.total, order.currency)} are charged to it now. If that succeeds, the order is confirmed.`,
      ],
      button: 'Try it',
      isFinal: true,
      perform: async (client, key) => {
        const after = await client.retryPayment({ id: order.id, body: { payment_method: method }, ...under(key) });
        if (isUnpaid(order) && !isUnpaid(after)) return 'The payment succeeded, and the goods can be shipped.';
        return after.status === 'CONFIRMED' && !isUnpaid(after)
          ? 'The payment succeeded, and the order is confirmed.'
          : 'The payment is being tried.';
      },
    };
  },
};

function isUnpaid({ status, payment_status: paymentStatus }: OrderDetails['order']): boolean {
  return isUnpaidForShipping({ status, paymentStatus });
}
