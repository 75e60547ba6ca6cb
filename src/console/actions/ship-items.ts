import { staff } from '../../domain/caller.ts';
import { allowedAfter } from '../../domain/order-status.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { quantityFields, reasonField, textField } from './fields.ts';
import { FormError } from './form-fields.ts';
import { under, type OrderAction } from './order-action.ts';
import { describeItems, recipientOf } from './order-facts.ts';

type Item = OrderDetails['order']['items'][number];

const unshipped = ({ quantity, shipped_quantity: shipped }: Item) => quantity - shipped;

/** Ships a part of the goods. */
export const shipItemsAction: OrderAction = {
  name: 'ship',
  title: 'Ship a part',
  roles: staff,
  isOffered: ({ order }) =>
    allowedAfter(order.status).includes('SHIPPED') && order.items.reduce((sum, item) => sum + unshipped(item), 0) > 1,
  form: ({ order }) =>
    html`${quantityFields(order.items, unshipped)} ${textField('carrier', 'Carrier', { isRequired: false })}
    ${textField('number', 'Tracking number', { isRequired: false })} ${reasonField()}`,
  prepare: (fields, details) => {
    const { order } = details;
    const items = fields.quantities(order.items);
    if (items.length === 0) throw new FormError('Say how many of what is shipped.');
    const reason = fields.reason();
    const [carrier, number] = [fields.text('carrier'), fields.text('number')];
    const tracking = { ...(carrier !== '' && { carrier }), ...(number !== '' && { number }) };
    return {
      effects: [
        `Shipped: ${describeItems(details, items)}.`,
        `The customer is told of this parcel (${recipientOf(details)}).`,
        'From now on the order can’t be cancelled as a whole; what has not left can still be taken out of it.',
      ],
      button: 'Ship this part',
      isFinal: true,
      perform: async (client, key) => {
        const body = {
          status: 'SHIPPED' as const,
          reason,
          items,
          ...(Object.keys(tracking).length > 0 && { tracking }),
        };
        const after = await client.changeStatus({ id: order.id, body, ...under(key) });
        return after.status === 'SHIPPED'
          ? 'Shipped: nothing is left to ship.'
          : 'This part is shipped; the rest is still to ship.';
      },
    };
  },
};
