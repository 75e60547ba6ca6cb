import type { Operations } from '../../client/client.ts';
import { orderStatuses } from '../../domain/order-status.ts';
import { paymentStatuses } from '../../domain/payment-status.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { wordsOf } from '../ui/words.ts';
import { money, type View } from '../view.ts';
import { layout } from './layout.ts';

type OrderList = Operations['listOrders']['answer'];
type Orders = OrderList['data'];

interface Listing {
  /** What the orders are chosen by, in words. */
  readonly title: string;
  /** The same, as the address has it. */
  readonly filters: Readonly<Record<string, string>>;
  /** The address of the next page. */
  readonly next: string | undefined;
}

/** A page of orders, with what they are chosen by. */
export function ordersPage(view: View, { data }: OrderList, { title, filters, next }: Listing): Html {
  return layout(view, {
    title,
    area: 'orders',
    content: html`<h1>${title}</h1>
      ${filterForm(filters)}
      ${
        data.length === 0
          ? html`<p class="empty">
              No order is found. A number, reference, e-mail address, name, tracking number or payment id is found by
              its beginning.
            </p>`
          : ordersTable(view, data)
      }
      ${next === undefined ? nothing : html`<p><a class="button" href="${next}">Next page</a></p>`}`,
  });
}

/** Chooses among them by where they stand; what was searched for or linked to stays. */
function filterForm(filters: Listing['filters']): Html {
  const others = Object.entries(filters).filter(([name]) => name !== 'status' && name !== 'payment_status');
  return html`<form class="row card" action="/console/orders">
    ${each(others, ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${filterField('status', 'Status', orderStatuses, filters)}
    ${filterField('payment_status', 'Payment', paymentStatuses, filters)}
    <button>Show</button>
  </form>`;
}

function filterField(name: string, label: string, choices: readonly string[], filters: Listing['filters']): Html {
  const option = (one: string) =>
    html`<option value="${one}" ${one === filters[name] ? 'selected' : ''}>${wordsOf(one)}</option>`;
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">Any</option>
      ${each(choices, option)}
    </select></label
  >`;
}

/** Orders with what tells them apart. */
export function ordersTable(view: View, orders: Orders): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Orders table">
    <table class="orders stacked">
      <thead>
        <tr>
          <th>Order</th>
          <th>Customer</th>
          <th>Status</th>
          <th>Payment</th>
          <th class="number">Total</th>
          <th>Placed</th>
        </tr>
      </thead>
      <tbody>
        ${each(
          orders,
          (order) =>
            html`<tr>
              <td data-head="Order">
                <a href="/console/orders/${order.id}">${order.order_number}</a>
                ${order.reference === null ? '' : html`<small>${order.reference}</small>`}
              </td>
              <td class="text" data-head="Customer">
                ${order.customer_name ?? order.shipping_address.name} <small>${order.customer_email ?? ''}</small>
              </td>
              <td data-head="Status">
                ${badge(order.status)}${order.saga_state === 'NEEDS_ATTENTION' ? badge(order.saga_state) : ''}
              </td>
              <td data-head="Payment">${badge(order.payment_status)}</td>
              <td class="number" data-head="Total">${money(view, order.total, order.currency)}</td>
              <td data-head="Placed">${moment(order.created_at, 'short')}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What the search box offers while somebody types. */
export function foundOptions(view: View, orders: Orders): Html {
  if (orders.length === 0) return html`<p class="empty">Nothing begins so.</p>`;
  return each(
    orders,
    (order, index) =>
      html`<a role="option" id="found-${index}" aria-selected="false" tabindex="-1" href="/console/orders/${order.id}">
        <b>${order.order_number}</b> ${badge(order.status)}
        <span>${order.customer_name ?? order.shipping_address.name}</span>
        <span class="muted">${order.reference ?? order.customer_email ?? ''}</span>
        <span class="number">${money(view, order.total, order.currency)}</span>
      </a>`,
  );
}
