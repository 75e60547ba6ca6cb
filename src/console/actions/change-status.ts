import { staff } from '../../domain/caller.ts';
import { allowedAfter, fulfilmentStatuses, type FulfilmentStatus } from '../../domain/order-status.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { wordsOf } from '../ui/words.ts';
import { choiceField, reasonField, textField } from './fields.ts';
import { under, type OrderAction } from './order-action.ts';
import { recipientOf } from './order-facts.ts';

/** Sets the next status of fulfilment by hand, for the whole order. */
export const changeStatusAction: OrderAction = {
  name: 'status',
  title: 'Change the status',
  roles: staff,
  isOffered: (details) => nextOf(details).length > 0,
  form: (details) =>
    html`${choiceField(
      'status',
      'New status',
      nextOf(details).map((status) => [status, wordsOf(status)]),
    )}
    ${
      nextOf(details).includes('SHIPPED')
        ? html`${textField('carrier', 'Carrier', { isRequired: false })}
          ${textField('number', 'Tracking number', { isRequired: false, hint: 'Both only for “Shipped”.' })}`
        : ''
    }
    ${reasonField()}`,
  prepare: (fields, details) => {
    const { order } = details;
    const status = fields.choice('status', 'New status', nextOf(details));
    const reason = fields.reason();
    const [carrier, number] = [fields.text('carrier'), fields.text('number')];
    const tracking = { ...(carrier !== '' && { carrier }), ...(number !== '' && { number }) };
    const isTracked = status === 'SHIPPED' && Object.keys(tracking).length > 0;
    return {
      effects: [
        `${wordsOf(order.status)} becomes ${wordsOf(status)}.`,
        ...(isTracked ? [`Tracking: ${[carrier, number].filter((part) => part !== '').join(' ')}.`] : []),
        ...(status === 'SHIPPED' ? ['Everything that has not left yet counts as shipped.'] : []),
        ...(status === 'PROCESSING' ? [] : [`The customer is told (${recipientOf(details)}).`]),
        'A status never goes back.',
      ],
      button: `Set to ${wordsOf(status)}`,
      isFinal: true,
      perform: async (client, key) => {
        const body = { status, reason, ...(isTracked && { tracking }) };
        const after = await client.changeStatus({ id: order.id, body, ...under(key) });
        return after.status === status
          ? `The order is ${wordsOf(status)} now.`
          : `Accepted; the order is still ${wordsOf(after.status)}.`;
      },
    };
  },
};

function nextOf({ order }: OrderDetails): FulfilmentStatus[] {
  return fulfilmentStatuses.filter((status) => allowedAfter(order.status).includes(status));
}
