import { leftOfPayments } from '../actions/order-facts.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { each, html, nothing, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { actorWords } from '../ui/words.ts';
import { may, money, type View } from '../view.ts';

/** Who ordered, how it was paid, and where it goes. */
export function orderFacts(view: View, details: OrderDetails): Html {
  const { order } = details;
  const rows: (readonly [string, Html | string | null])[] = [
    ['Name', order.customer_name],
    [
      'E-mail',
      order.customer_email === null
        ? null
        : html`<a href="/console/orders?email=${order.customer_email}">${order.customer_email}</a>`,
    ],
    ['Phone', order.customer_phone],
    ['Customer', html`<a href="/console/orders?customer_id=${order.customer_id}">${order.customer_id}</a>`],
    ['Language', order.locale],
    ['Coupon', order.coupon_code],
    ['Shipping', order.shipping_method],
    ['Customer’s notes', order.notes],
    ['Payment method', paidWith(order)],
    ['Payment', order.payment_id],
    ['Paid and not gone back', money(view, leftOfPayments(details), order.currency)],
    ['Reservation', order.reservation_id],
    ['Import', importLink(view, order.batch_id)],
    ['Cancelled because', order.cancellation_reason],
    ...Object.entries(order.metadata).map(([name, value]) => [name, value] as const),
  ];
  return html`<section class="card" aria-label="Customer and payment">
      <h2>Customer and payment</h2>
      ${definitions(rows)}
    </section>
    <section class="card" aria-label="Addresses">
      <h2>Ships to</h2>
      ${addressLines(order.shipping_address)}
      ${
        order.billing_address === null
          ? nothing
          : html`<h3>Bill to</h3>
              ${addressLines(order.billing_address)}`
      }
    </section>
    ${shipmentsPart(details)}`;
}

/** Operators see imports. */
function importLink(view: View, id: string | null): Html | string | null {
  return id === null || !may(view, ['operator', 'admin']) ? id : html`<a href="/console/imports/${id}">${id}</a>`;
}

function shipmentsPart({ shipments }: OrderDetails): Html {
  if (shipments.length === 0) return nothing;
  return html`<section class="card" aria-label="Shipments">
    <h2>Shipments</h2>
    ${each(
      shipments,
      ({ carrier, tracking_number: number, shipped_at: at, actor }) =>
        html`<p>
          <b>${[carrier, number].filter((part) => part !== null).join(' ') || 'Without tracking'}</b><br />
          <span class="muted">${moment(at)}, ${actorWords(actor)}</span>
        </p>`,
    )}
  </section>`;
}

/** Names and what they stand for; what is null is left out. */
function definitions(rows: readonly (readonly [string, Html | string | null])[]): Html {
  return html`<dl>
    ${each(
      rows.filter(([, value]) => value !== null),
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** The payment method, or each of several with what is paid with it. */
function paidWith({ payment_method: one, payment_methods: several }: OrderDetails['order']): string {
  return several?.map(({ method, amount }) => `${method} ${amount}`).join(', ') ?? one;
}

function addressLines(address: OrderDetails['order']['shipping_address']): Html {
  const town = [address.postal_code, address.city, address.region].filter((part) => part !== undefined).join(' ');
  const lines = [
    address.name,
    address.company,
    address.line1,
    address.line2,
    town,
    address.country,
    address.phone,
    address.email,
  ];
  return html`<address>
    ${each(
      lines.filter((line) => line !== undefined && line !== ''),
      (line) => html`<span>${line ?? ''}</span>`,
    )}
  </address>`;
}
