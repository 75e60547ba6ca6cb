import { parseMoney } from '../../src/domain/money.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import { CURRENCY, REPLAY_SOURCE } from './order-request.ts';
import type { Outcome } from './place-orders.ts';
import { type Invoice, isSkipped } from './read-invoices.ts';
import type { ListedOrder, Reading } from './read-system.ts';
import { isSold, stockDrift } from './stock-drift.ts';

/** The result of one file; `…Minor` in minor units of {@link CURRENCY}; `breaches` is empty when everything balances. */
export interface Reconciliation {
  readonly invoices: number;
  readonly skipped: number;
  readonly confirmed: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Partial<Record<OrderStatus, number>>>;
  readonly confirmedMinor: number;
  readonly capturedMinor: number;
  readonly unitsSold: number;
  readonly stockDrift: number;
  readonly breaches: readonly string[];
}

/** What is compared: the file, the order of each invoice, and the system before and after. */
export interface Books {
  readonly invoices: readonly Invoice[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly start: Omit<Reading, 'payments'>;
  readonly now: Reading;
}

/**
 * Compares the API's view of the file's orders with the payments and the stock of the sandbox. The answers to the requests only
 * tell which order belongs to which invoice, and the codes of refusals that recorded no order.
 */
export function reconcile(books: Books): Reconciliation {
  const breaches: string[] = [];
  const orders = findOrders(books, breaches);
  const rejected = new Map<string, number>();
  const byStatus: Partial<Record<OrderStatus, number>> = {};
  let confirmed = 0;
  let confirmedMinor = 0;
  let unitsSold = 0;

  for (const [number, outcome] of books.outcomes) {
    const order = orders.get(number);
    if (outcome.kind === 'unanswered') breaches.push(`invoice ${number}: ${outcome.why}`);
    if (outcome.kind === 'refused') count(rejected, outcome.code);
    if (order === undefined) continue;
    byStatus[order.status] = (byStatus[order.status] ?? 0) + 1;
    if (isSold(order)) {
      confirmed += 1;
      confirmedMinor += parseMoney(order.total, order.currency);
      unitsSold += order.items.reduce((sum, item) => sum + item.quantity, 0);
    } else if (order.status === 'PENDING') {
      breaches.push(`invoice ${number}: order ${order.id} is still PENDING`);
    } else {
      count(rejected, findRefusalCode(order, outcome));
    }
  }

  const drift = stockDrift(
    new Set(books.invoices.flatMap(({ lines }) => lines.map(({ sku }) => sku))),
    books,
    breaches,
  );
  findDuplicates(books, orders, breaches);
  const skipped = books.invoices.filter(isSkipped).length;
  if (books.outcomes.size !== books.invoices.length - skipped) breaches.push('not every invoice was placed');
  return {
    invoices: books.invoices.length,
    skipped,
    confirmed,
    rejected: Object.fromEntries([...rejected].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    byStatus,
    confirmedMinor,
    capturedMinor: compareMoney(orders, books.now, breaches),
    unitsSold,
    stockDrift: drift,
    breaches,
  };
}

/** Finds the order of each invoice in the API's list. */
function findOrders({ outcomes, now }: Books, breaches: string[]): Map<string, ListedOrder> {
  const listed = new Map(now.orders.map((order) => [order.id, order]));
  const found = new Map<string, ListedOrder>();
  for (const [number, outcome] of outcomes) {
    if (outcome.kind !== 'order') continue;
    const order = listed.get(outcome.orderId);
    if (order === undefined) {
      breaches.push(`invoice ${number}: order ${outcome.orderId} is not in the list of orders`);
    } else if (order.metadata?.['invoice'] !== number) {
      breaches.push(
        `invoice ${number}: order ${order.id} is another's (${order.metadata?.['invoice'] ?? 'no invoice'})`,
      );
    } else {
      found.set(number, order);
    }
  }
  return found;
}

/** Sums up captured minus refunded of the file's orders. Each sold order must have exactly its total, each other order nothing. */
function compareMoney(orders: ReadonlyMap<string, ListedOrder>, now: Reading, breaches: string[]): number {
  const netByOrder = new Map<string, number>();
  const numberOf = new Map([...orders].map(([number, { id }]) => [id, number]));
  for (const payment of now.payments) {
    const number = numberOf.get(payment.order_id);
    if (number !== undefined && HELD.has(payment.status.toUpperCase())) {
      const held = `${payment.amount} ${payment.currency} is authorised, and neither captured nor released`;
      breaches.push(`invoice ${number}: order ${payment.order_id}: ${held}`);
    }
    if (!CAPTURED.has(payment.status.toUpperCase())) continue;
    const takenMinor = parseMoney(payment.captured_amount ?? payment.amount, payment.currency);
    const netMinor = takenMinor - parseMoney(payment.refunded_amount, payment.currency);
    netByOrder.set(payment.order_id, (netByOrder.get(payment.order_id) ?? 0) + netMinor);
  }
  let capturedMinor = 0;
  for (const [number, order] of orders) {
    const netMinor = netByOrder.get(order.id) ?? 0;
    capturedMinor += netMinor;
    if (order.currency !== CURRENCY) breaches.push(`invoice ${number}: order ${order.id} is in ${order.currency}`);
    const dueMinor = isSold(order) ? parseMoney(order.total, order.currency) : 0;
    if (netMinor !== dueMinor) {
      breaches.push(
        `invoice ${number}: order ${order.id} is ${order.status} and due ${dueMinor}, captured ${netMinor} (minor units)`,
      );
    }
  }
  return capturedMinor;
}

/** Statuses of payments that were captured, also when some was refunded. */
const CAPTURED: ReadonlySet<string> = new Set(['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED']);

/** Statuses of payments of which something is held. */
const HELD: ReadonlySet<string> = new Set(['AUTHORIZED', 'PARTIALLY_CAPTURED']);

/** Finds orders that were placed twice: replayed orders of an invoice whose order is another one. */
function findDuplicates(books: Books, orders: ReadonlyMap<string, ListedOrder>, breaches: string[]): void {
  for (const order of books.now.orders) {
    const number = order.metadata?.['source'] === REPLAY_SOURCE ? order.metadata['invoice'] : undefined;
    const outcome = number === undefined ? undefined : books.outcomes.get(number);
    if (number === undefined || outcome === undefined || orders.get(number)?.id === order.id) continue;
    // The refusal means that an invoice of another file has the same number and key.
    if (outcome.kind === 'refused' && outcome.code === 'IDEMPOTENCY_KEY_REUSED') continue;
    if (outcome.kind !== 'unanswered') breaches.push(`invoice ${number}: there is a second order, ${order.id}`);
  }
}

/** Returns why an order failed: its own failure code, else the code of the answer, else its status. */
function findRefusalCode(order: ListedOrder, outcome: Outcome): string {
  const answered = outcome.kind === 'order' ? outcome.code : undefined;
  return order.failure?.code ?? answered ?? (order.status === 'PAYMENT_FAILED' ? 'ORD003' : order.status);
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
