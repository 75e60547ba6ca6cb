import { staff } from '../../domain/caller.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { quantityFields, reasonField } from './fields.ts';
import { FormError } from './form-fields.ts';
import { under, type OrderAction } from './order-action.ts';
import { describeItems, valueOf } from './order-facts.ts';

type Item = OrderDetails['order']['items'][number];

const returnable = ({ shipped_quantity: shipped, returned_quantity: returned }: Item) => shipped - returned;

/** Takes goods back, and gives their money back. */
export const returnItemsAction: OrderAction = {
  name: 'return',
  title: 'Take goods back',
  roles: staff,
  isOffered: ({ order }) =>
    ['SHIPPED', 'DELIVERED'].includes(order.status) && order.items.some((item) => returnable(item) > 0),
  form: ({ order }) =>
    html`${
      order.status === 'SHIPPED'
        ? html`<p class="hint">Until it is delivered, a parcel comes back as a whole: it was refused.</p>`
        : ''
    }
    ${quantityFields(order.items, returnable, { isFilled: order.status === 'SHIPPED' })} ${reasonField()}`,
  prepare: (fields, details, view) => {
    const { order } = details;
    const items = fields.quantities(order.items);
    if (items.length === 0) throw new FormError('Say how many of what comes back.');
    const reason = fields.reason();
    return {
      effects: [
        `Back into stock: ${describeItems(details, items)}.`,
        `About ${valueOf(details, items, view)} and the tax on them go back to the customer, the way they were paid.`,
        'The customer is told once the goods are back.',
      ],
      button: 'Take them back',
      isFinal: true,
      perform: async (client, key) => {
        const after = await client.returnItems({ id: order.id, body: { items, reason }, ...under(key) });
        return after.saga_state === 'COMPLETED'
          ? 'The goods are back and refunded.'
          : 'The return is on record; its refund is under way.';
      },
    };
  },
};
