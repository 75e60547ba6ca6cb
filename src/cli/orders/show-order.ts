import type { Order, OrderChange } from '../../client/client.ts';
import { paint, paintStatus, stripControls, formatTime } from './output.ts';
import { formatFields, formatTable } from './table.ts';

/** Formats an order's number, states and total in one line. */
export function formatOrderLine(
  order: Pick<Order, 'order_number' | 'status' | 'payment_status' | 'total' | 'currency'>,
): string {
  const { order_number: number, status, payment_status: payment, total, currency } = order;
  return `${paint(stripControls(number), 'bold')}  ${paintStatus(status)}  payment ${paintStatus(payment)}  ${stripControls(total)} ${stripControls(currency)}`;
}

/** Formats a whole order: its states, its items, and its history. */
export function formatOrder(order: Order, history: readonly OrderChange[]): string {
  return [
    formatOrderLine(order),
    formatFields(listFacts(order)),
    formatTable(createItemColumns(order.currency), order.items),
    formatTable(historyColumns, history),
  ].join('\n\n');
}

function listFacts(order: Order): (readonly [string, string | null])[] {
  const { tracking } = order;
  const attention = order.saga_state === 'NEEDS_ATTENTION' ? `, see: orders saga ${order.order_number}` : '';
  return [
    ['id', order.id],
    ['customer', stripControls(formatCustomer(order))],
    ['reference', order.reference && stripControls(order.reference)],
    ['source', order.source && stripControls(order.source)],
    ['language', order.locale && stripControls(order.locale)],
    ['saga', paintStatus(order.saga_state) + attention],
    ['paid with', stripControls(formatPaymentMethods(order))],
    ['ship to', formatAddress(order.shipping_address)],
    ['bill to', order.billing_address && formatAddress(order.billing_address)],
    ['tracking', tracking && stripControls([tracking.carrier, tracking.number].filter(Boolean).join(' '))],
    ['notes', order.notes && stripControls(order.notes)],
    ['amounts', listAmounts(order)],
    ['refunded', Number(order.refunded_amount) > 0 ? order.refunded_amount : null],
    ['to give back by hand', Number(order.refund_due) > 0 ? order.refund_due : null],
    ['batch', order.batch_id && stripControls(order.batch_id)],
    ['created', formatTime(order.created_at)],
    ['cancelled', order.cancellation_reason && stripControls(order.cancellation_reason)],
    ['failure', order.failure && paint(stripControls(`${order.failure.code}: ${order.failure.message}`), 'red')],
    ['pay until', order.status === 'PAYMENT_FAILED' ? formatTime(order.payment_retry_until) : null],
  ];
}

function formatCustomer(order: Order): string {
  const { customer_id: id, customer_name: name, customer_email: email, customer_phone: phone } = order;
  return [id, name, email, phone].filter(Boolean).join(', ');
}

/** How the order is paid: with one method, or with several and what is paid with each. */
function formatPaymentMethods({ payment_method: one, payment_methods: several }: Order): string {
  return several?.map(({ method, amount }) => `${method} ${amount}`).join(', ') ?? one;
}

function listAmounts({ subtotal, discount, tax, shipping, total, currency }: Order): string {
  const parts = Object.entries({ discount, tax, shipping }).filter(([, amount]) => Number(amount) !== 0);
  if (parts.length === 0) return `${total} ${currency}`;
  return `${subtotal}, ${parts.map(([name, amount]) => `${name} ${amount}`).join(', ')}: ${total} ${currency}`;
}

function formatAddress(address: Order['shipping_address']): string {
  const { name, company, line1, line2, city, region, postal_code: postalCode, country, phone, email } = address;
  return stripControls(
    [name, company, line1, line2, [postalCode, city].filter(Boolean).join(' '), region, country, phone, email]
      .filter(Boolean)
      .join(', '),
  );
}

function createItemColumns(currency: string) {
  return [
    { title: 'SKU', of: ({ sku }: Order['items'][number]) => sku },
    { title: 'QTY', align: 'right', of: ({ quantity }: Order['items'][number]) => String(quantity) },
    { title: 'PRICE', align: 'right', of: (item: Order['items'][number]) => item.unit_price },
    { title: `TOTAL ${currency}`, align: 'right', of: ({ total }: Order['items'][number]) => total },
    { title: 'NAME', of: ({ name }: Order['items'][number]) => name },
  ] as const;
}

const historyColumns = [
  { title: 'WHEN', of: ({ at }: OrderChange) => formatTime(at) },
  {
    title: 'STATUS',
    of: ({ to }: OrderChange) => to,
    paint: ({ to }: OrderChange, text: string) => paintStatus(to, text),
  },
  { title: 'WHAT', of: ({ change, step }: OrderChange) => (step === null ? change : `${change} ${step}`) },
  { title: 'BY', of: ({ actor }: OrderChange) => actor },
  { title: 'WHY', of: ({ reason }: OrderChange) => reason ?? '' },
] as const;
