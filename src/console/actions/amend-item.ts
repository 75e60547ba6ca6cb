import { formatMoney, parseMoney } from '../../domain/money.ts';
import { staff } from '../../domain/caller.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { isolated } from '../ui/words.ts';
import { money } from '../view.ts';
import { choiceField, reasonField } from './fields.ts';
import { FormError } from './form-fields.ts';
import { under, type OrderAction } from './order-action.ts';

/** Sets how many of a line the order has; 0 takes the line out. */
export const amendItemAction: OrderAction = {
  name: 'amend',
  title: 'Change a quantity',
  roles: staff,
  isOffered: ({ order }) => ['CONFIRMED', 'PROCESSING'].includes(order.status) || order.amend_until !== null,
  form: ({ order }) =>
    html`${choiceField(
        'item',
        'Line',
        order.items.map(({ id, name, sku, quantity }) => [id, `${quantity} × ${isolated(name)} (${sku})`]),
      )}
      <label>New quantity <input type="number" name="quantity" min="0" max="10000" required /></label>
      ${reasonField()}`,
  prepare: (fields, { order }, view) => {
    const item = order.items.find(({ id }) => id === fields.text('item'));
    if (!item) throw new FormError('Choose “Line”.');
    const quantity = Number(fields.required('quantity', 'New quantity'));
    if (!Number.isInteger(quantity) || quantity < 0) throw new FormError('“New quantity” must be a whole number.');
    if (quantity === item.quantity) throw new FormError('That is how many the order has.');
    if (quantity < item.shipped_quantity) throw new FormError(`${item.shipped_quantity} of them have left already.`);
    const reason = fields.reason();
    const name = isolated(item.name);
    return {
      effects: [
        quantity === 0 ? `“${name}” is taken out of the order.` : `${item.quantity} × ${name} become ${quantity}.`,
        differenceOf(order, item, quantity, (amount) => money(view, amount, order.currency)),
        quantity > item.quantity
          ? 'The rest is reserved first; when it is not in stock, nothing changes.'
          : 'What is left over goes back into stock.',
        ...(quantity === 0 ? [] : ['The reason is kept as a note.']),
      ],
      button: quantity === 0 ? 'Take it out' : 'Change it',
      isFinal: false,
      perform: async (client, key) => {
        const line = { id: order.id, item_id: item.id };
        const headers = { ...under(key).headers, 'If-Match': `"${order.version}"` };
        const after =
          quantity === 0
            ? await client.removeItem({ ...line, reason, headers })
            : await client.changeItem({ ...line, body: { quantity }, headers });
        let isNoted = true;
        if (quantity > 0) {
          const text = `${item.quantity} × ${item.name} changed to ${quantity}: ${reason}`;
          isNoted = await client.addNote({ id: order.id, body: { text }, ...under(`${key}-note`) }).then(
            () => true,
            // The change is made, whatever becomes of the note.
            () => false,
          );
        }
        const rest = after.saga_state === 'COMPLETED' ? '' : '; the change is still under way';
        const missing = isNoted ? '' : ' The reason could not be kept: add it as a note.';
        return `The order’s total is ${money(view, after.total, after.currency)}${rest}.${missing}`;
      },
    };
  },
};

type Order = OrderDetails['order'];

function differenceOf(
  order: Order,
  item: Order['items'][number],
  quantity: number,
  write: (amount: string) => string,
): string {
  const minor = parseMoney(item.unit_price, order.currency) * (quantity - item.quantity);
  const amount = write(formatMoney(Math.abs(minor), order.currency));
  const rest = 'discount, tax and shipping are worked out anew';
  return minor > 0
    ? `About ${amount} more are charged to the same payment method; ${rest}.`
    : `About ${amount} go back to the customer; ${rest}.`;
}
