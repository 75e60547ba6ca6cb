import { isSome } from '../actions/order-facts.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { each, html, type Html } from '../ui/html.ts';
import { money, type View } from '../view.ts';

/** The lines of an order with what became of them, and how its total comes about. */
export function orderItems(view: View, { order }: OrderDetails): Html {
  const write = (amount: string) => money(view, amount, order.currency);
  const sums = [
    ['Subtotal', order.subtotal, true],
    ['Discount', order.discount, isSome(order.discount)],
    ['Shipping', order.shipping, true],
    [order.tax_included ? 'Tax, included above' : 'Tax', order.tax, isSome(order.tax)],
    ['Total', order.total, true],
  ] as const;
  return html`<section class="card" aria-label="Items">
    <h2>Items</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Items table">
      <table class="stacked">
        <thead>
          <tr>
            <th>Item</th>
            <th class="number">Price</th>
            <th class="number">Ordered</th>
            <th class="number">Shipped</th>
            <th class="number">Returned</th>
            <th class="number">Total</th>
          </tr>
        </thead>
        <tbody>
          ${each(
            order.items,
            (item) =>
              html`<tr>
                <td data-head="Item">
                  ${item.name} <small>${item.sku}${item.variant_id === null ? '' : ` · ${item.variant_id}`}</small>
                </td>
                <td class="number" data-head="Price">${write(item.unit_price)}</td>
                <td class="number" data-head="Ordered">${item.quantity}</td>
                <td class="number ${item.shipped_quantity === 0 ? 'muted' : ''}" data-head="Shipped">
                  ${item.shipped_quantity}
                </td>
                <td class="number ${item.returned_quantity === 0 ? 'muted' : ''}" data-head="Returned">
                  ${item.returned_quantity}
                </td>
                <td class="number" data-head="Total">${write(item.total)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          ${each(
            sums.filter(([, , isShown]) => isShown),
            ([name, amount]) =>
              html`<tr>
                <th colspan="5" scope="row">${name}</th>
                <td class="number" data-head="${name}">${name === 'Discount' ? '−' : ''}${write(amount)}</td>
              </tr>`,
          )}
        </tfoot>
      </table>
    </div>
  </section>`;
}
