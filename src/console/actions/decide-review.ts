import { reviewDecisions } from '../../domain/order-review.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { html } from '../ui/html.ts';
import { wordsOf } from '../ui/words.ts';
import { choiceField, reasonField } from './fields.ts';
import { under, type OrderAction } from './order-action.ts';

const open = ({ reviews }: OrderDetails) =>
  reviews.filter(({ verdict, decision }) => verdict === 'review' && decision === null);

/** Decides an order that waits for a person to review it. */
export const decideReviewAction: OrderAction = {
  name: 'review',
  title: 'Decide the review',
  roles: ['support', 'admin'],
  isOffered: (details) => open(details).length > 0,
  form: (details) =>
    html`<p class="hint">
        Why it waits:
        ${
          open(details)
            .flatMap(({ reasons }) => reasons)
            .join('; ') || 'no reason was given'
        }.
      </p>
      ${choiceField(
        'decision',
        'Decision',
        reviewDecisions.map((decision) => [decision, wordsOf(decision)]),
      )}
      ${reasonField()}`,
  prepare: (fields, { order }) => {
    const decision = fields.choice('decision', 'Decision', reviewDecisions);
    const reason = fields.reason();
    return {
      effects: [
        decision === 'approve'
          ? 'The order goes on: it is paid for and confirmed.'
          : 'What was done so far is compensated, and the order is cancelled; an amendment is given up instead.',
      ],
      button: wordsOf(decision),
      isFinal: true,
      perform: async (client, key) => {
        const after = await client.decideReview({ id: order.id, body: { decision, reason }, ...under(key) });
        return `Decided; the order is ${wordsOf(after.status)}.`;
      },
    };
  },
};
