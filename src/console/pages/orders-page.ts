import type { Operations } from '../../client/client.ts';
import { badge } from '../ui/badge.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { money, type View } from '../view.ts';
import { layout } from './layout.ts';

type OrderList = Operations['listOrders']['answer'];
type Orders = OrderList['data'];

/** A page of orders, `filters` in words above it, and the address of the next page. */
export function ordersPage(
  view: View,
  { data }: OrderList,
  { filters, next }: { readonly filters: string; readonly next: string | undefined },
): Html {
  return layout(view, {
    title: filters,
    area: 'orders',
    content: html`<h1>${filters}</h1>
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
