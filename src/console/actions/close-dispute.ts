import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { money } from '../view.ts';
import { choiceField, reasonField } from './fields.ts';
import { FormError } from './form-fields.ts';
import type { OrderAction } from './order-action.ts';

const open = ({ disputes }: OrderDetails) => disputes.filter(({ state }) => state === 'OPEN');

/** Records how a dispute ended. */
export const closeDisputeAction: OrderAction = {
  name: 'dispute',
  title: 'Close the dispute',
  roles: ['operator', 'admin'],
  isOffered: (details) => open(details).length > 0,
  form: (details, view) =>
    html`${choiceField(
      'dispute',
      'Dispute',
      open(details).map(({ id, amount, currency, reason }) => [id, `${money(view, amount, currency)} ${reason ?? ''}`]),
    )}
    ${choiceField('outcome', 'It was', [
      ['won', 'Won'],
      ['lost', 'Lost'],
    ])}
    ${reasonField()}`,
  prepare: (fields, details, view) => {
    const dispute = open(details).find(({ id }) => id === fields.text('dispute'));
    if (!dispute) throw new FormError('Choose “Dispute”.');
    const outcome = fields.choice('outcome', 'It was', ['won', 'lost']);
    const reason = fields.reason();
    const amount = money(view, dispute.amount, dispute.currency);
    return {
      effects: [
        outcome === 'won' ? `${amount} stay with us.` : `${amount} count as gone back to the customer.`,
        'The order needs no attention for it any more. Nothing is sent to the bank by this.',
      ],
      button: `It was ${outcome}`,
      isFinal: true,
      perform: async (client) => {
        await client.closeDispute({ id: details.order.id, body: { dispute_id: dispute.id, outcome, reason } });
        return `The dispute is closed as ${outcome}.`;
      },
    };
  },
};
