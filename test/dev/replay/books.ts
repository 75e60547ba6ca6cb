import { parseMoney, formatMoney } from '../../../src/domain/money.ts';
import type { Outcome } from '../../../dev/replay/place-orders.ts';
import { type Invoice, isSkipped } from '../../../dev/replay/read-invoices.ts';
import type { ListedOrder, ListedPayment, ListedProduct } from '../../../dev/replay/read-system.ts';

/** Books that a test may falsify. */
export interface DraftBooks {
  invoices: readonly Invoice[];
  outcomes: Map<string, Outcome>;
  start: { orders: ListedOrder[]; products: ListedProduct[] };
  now: { orders: ListedOrder[]; products: ListedProduct[]; payments: ListedPayment[] };
}

/** What a flawless system would say after the invoices that `accepts` names were sold and the others refused. */
export function balancedBooks(invoices: readonly Invoice[], accepts: (number: string) => boolean): DraftBooks {
  const skus = new Set(invoices.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const soldUnits = new Map<string, number>();
  const books: DraftBooks = {
    invoices,
    outcomes: new Map(),
    start: { orders: [], products: [...skus].map((sku) => product(sku, 1_000)) },
    now: { orders: [], products: [], payments: [] },
  };
  for (const invoice of invoices.filter((one) => !isSkipped(one))) {
    const id = `order-of-${invoice.number}`;
    books.outcomes.set(
      invoice.number,
      accepts(invoice.number) ? { kind: 'order', orderId: id } : { kind: 'refused', code: 'VALIDATION' },
    );
    if (!accepts(invoice.number)) continue;
    const order = soldOrder(id, invoice);
    books.now.orders.push(order);
    books.now.payments.push(payment(id, order.total));
    for (const item of order.items) soldUnits.set(item.sku, (soldUnits.get(item.sku) ?? 0) + item.quantity);
  }
  books.now.products = [...skus].map((sku) => product(sku, 1_000 - (soldUnits.get(sku) ?? 0)));
  return books;
}

/** The books of a second run over a system that is as `books` left it. */
export function repeated(books: DraftBooks): DraftBooks {
  return { ...books, start: { orders: [...books.now.orders], products: [...books.now.products] } };
}

/** A payment of an order, captured. */
export function payment(orderId: string, amount: string): ListedPayment {
  return { order_id: orderId, amount, refunded_amount: '0.00', currency: 'GBP', status: 'CAPTURED' };
}

function product(sku: string, stock: number): ListedProduct {
  return { sku, currency: 'GBP', stock, reserved: 0 };
}

function soldOrder(id: string, invoice: Invoice): ListedOrder {
  const items = invoice.lines.map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }));
  const totalMinor = invoice.lines.reduce(
    (sum, line) => sum + parseMoney(line.unitPrice, 'GBP') * Number(line.quantity),
    0,
  );
  const total = formatMoney(totalMinor, 'GBP');
  const metadata = { source: 'replay', invoice: invoice.number };
  return { id, status: 'CONFIRMED', total, currency: 'GBP', metadata, items };
}
