import { isCancellable } from '../../domain/order-status.ts';
import { formatMoney, parseMoney } from '../../domain/money.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { isolated } from '../ui/words.ts';
import { money, type View } from '../view.ts';
import type { ItemCount } from './form-fields.ts';

/** What was taken of the customer and has not gone back, as a decimal amount; what is on its way back is not taken off. */
export function leftOfPayments({ order, payments }: OrderDetails): string {
  const { currency } = order;
  const of = (status: string) =>
    payments
      .filter((payment) => payment.status === status)
      .reduce((sum, { amount }) => sum + parseMoney(amount, currency), 0);
  return formatMoney(Math.max(0, of('CAPTURED') - of('REFUNDED') + of('FAILED')), currency);
}

/** Whether an amount is more than nothing. */
export function isSome(amount: string): boolean {
  return /[1-9]/.test(amount);
}

/** Whether any of the goods have left. */
function hasShipped({ order }: OrderDetails): boolean {
  return order.items.some(({ shipped_quantity: shipped }) => shipped > 0);
}

/** Whether the order can be cancelled as it stands. */
export function mayBeCancelled(details: OrderDetails): boolean {
  return isCancellable(details.order.status) && !hasShipped(details);
}

/** Lines and quantities in words, such as `2 × Mug, 1 × Tea`. */
export function describeItems({ order }: OrderDetails, counts: readonly ItemCount[]): string {
  const nameOf = (id: string) => isolated(order.items.find((item) => item.id === id)?.name ?? id);
  return counts.map(({ item_id: id, quantity }) => `${quantity} × ${nameOf(id)}`).join(', ');
}

/** What lines come to at the price that was paid: less their share of the discount, before tax. */
export function valueOf({ order }: OrderDetails, counts: readonly ItemCount[], view: View): string {
  const { currency } = order;
  const minor = counts.reduce((sum, { item_id: id, quantity }) => {
    const item = order.items.find((one) => one.id === id);
    if (!item) return sum;
    const paid = parseMoney(item.total, currency) - parseMoney(item.discount, currency);
    return sum + Math.round((paid * quantity) / item.quantity);
  }, 0);
  return money(view, formatMoney(minor, currency), currency);
}

/** Whom messages go to, in words. */
export function recipientOf({ order }: OrderDetails): string {
  return order.customer_email ?? order.shipping_address.email ?? `customer ${order.customer_id}`;
}
