import { formatMoney, parseMoney } from '../../domain/money.ts';
import { html } from '../ui/html.ts';
import { money } from '../view.ts';
import { reasonField, textField } from './fields.ts';
import { FormError } from './form-fields.ts';
import { under, type OrderAction } from './order-action.ts';
import { isSome, leftOfPayments, recipientOf } from './order-facts.ts';

/** Gives money back without goods, such as the shipping. */
export const refundAmountAction: OrderAction = {
  name: 'refund',
  title: 'Refund an amount',
  roles: ['support', 'admin'],
  isOffered: (details) => isSome(leftOfPayments(details)),
  form: (details, view) => {
    const { currency, shipping } = details.order;
    const left = `At most ${money(view, leftOfPayments(details), currency)}.`;
    const hint = isSome(shipping) ? `${left} The shipping was ${money(view, shipping, currency)}.` : left;
    return html`${textField('amount', `Amount in ${currency}`, { hint })} ${reasonField()}
      <label class="check"><input type="checkbox" name="notify" value="yes" /> Tell the customer</label>`;
  },
  prepare: (fields, details, view) => {
    const { order } = details;
    const amount = readAmount(fields.required('amount', 'Amount'), order.currency);
    const left = leftOfPayments(details);
    if (parseMoney(amount, order.currency) > parseMoney(left, order.currency)) {
      throw new FormError(`At most ${money(view, left, order.currency)} can go back.`);
    }
    const reason = fields.reason();
    const notify = fields.text('notify') === 'yes';
    const inWords = money(view, amount, order.currency);
    return {
      effects: [
        `${inWords} go back to the customer, the way they were paid. No goods come back.`,
        notify ? `The customer is told (${recipientOf(details)}).` : 'The customer is not told.',
      ],
      button: `Refund ${inWords}`,
      isFinal: true,
      perform: async (client, key) => {
        const after = await client.refundPayment({ id: order.id, body: { amount, reason, notify }, ...under(key) });
        return `The refund is accepted. So far ${money(view, after.refunded_amount, order.currency)} have gone back in all.`;
      },
    };
  },
};

/** An amount with the decimals of its currency, however it was written; a comma may stand for the point. */
function readAmount(text: string, currency: string): string {
  try {
    const minor = parseMoney(text.replace(',', '.'), currency);
    if (minor > 0) return formatMoney(minor, currency);
  } catch {
    // Said below.
  }
  throw new FormError(`“${text}” is no amount in ${currency}, such as ${formatMoney(990, currency)}.`);
}
