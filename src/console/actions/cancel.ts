import { staff } from '../../domain/caller.ts';
import { html } from '../ui/html.ts';
import { money } from '../view.ts';
import { reasonField } from './fields.ts';
import { under, type OrderAction } from './order-action.ts';
import { isSome, leftOfPayments, mayBeCancelled, recipientOf } from './order-facts.ts';

/** Cancels an order whose goods have not left. */
export const cancelAction: OrderAction = {
  name: 'cancel',
  title: 'Cancel the order',
  roles: staff,
  isOffered: mayBeCancelled,
  form: () => html`${reasonField()}`,
  prepare: (fields, details, view) => {
    const { order } = details;
    const reason = fields.reason();
    const paid = leftOfPayments(details);
    return {
      effects: [
        'What is reserved for it goes back into stock.',
        isSome(paid)
          ? `${money(view, paid, order.currency)} go back to the customer, the way they were paid.`
          : 'Nothing has been charged; a charge that is under way is given back.',
        `The customer is told (${recipientOf(details)}).`,
        'A cancelled order stays cancelled.',
      ],
      button: 'Cancel the order',
      isFinal: true,
      perform: async (client, key) => {
        const after = await client.cancelOrder({ id: order.id, body: { reason }, ...under(key) });
        if (after.status !== 'CANCELLED')
          return 'The order is being cancelled: what was done so far is compensated now.';
        return after.saga_state === 'COMPENSATING'
          ? 'The order is cancelled; its compensation is still under way.'
          : 'The order is cancelled.';
      },
    };
  },
};
