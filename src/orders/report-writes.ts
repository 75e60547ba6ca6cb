import { formatMoney } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { OrderTransition } from '../domain/order-transition.ts';
import type { Logger } from '../logger.ts';
import { countMetric, observeSeconds } from '../metrics/record-metrics.ts';
import type { BookedStatus } from '../repositories/ledger.ts';
import type { ReportedTransition } from '../repositories/transition-order.ts';

/** Logs and counts an order that was accepted just now. */
export function reportAcceptance(logger: Logger, { id, orderNumber, placedBy, batchId, status }: Order): void {
  logger.info({ order_id: id, order_number: orderNumber, to: status, actor: nameActor(placedBy) }, 'order accepted');
  countMetric('orders_created_total', { source: batchId === null ? 'api' : 'import' });
}

/** Logs and counts a change of status that is committed. One that was not applied is a repeat, or came too late: nothing has changed. */
export function reportTransition(logger: Logger, transition: OrderTransition, result: ReportedTransition): void {
  if (!result.applied) return;
  const { orderId, to, actor } = transition;
  const { from, currency, totalMinor, secondsSinceCreated, secondsSinceConfirmed, booked } = result;
  logger.info({ order_id: orderId, from, to, actor: nameActor(actor) }, 'order status changed');
  countMetric('orders_transitions_total', { to });
  if (to === 'CONFIRMED') {
    countMetric('orders_value_total', { currency }, Number(formatMoney(totalMinor, currency)));
    observeSeconds('orders_confirm_seconds', {}, secondsSinceCreated);
  }
  if (to === 'SHIPPED' && secondsSinceConfirmed !== null) {
    observeSeconds('orders_ship_seconds', {}, secondsSinceConfirmed);
  }
  reportPayments(booked);
}

/** Who did it, for the log: customers, and whoever is called by an address, are named by the order's history alone. */
function nameActor(actor: string): string {
  const [role = ''] = actor.split(':');
  return role === 'customer' || actor.includes('@') ? role : actor;
}

/** Counts charges and refunds that are on record from now on. */
export function reportPayments(booked: readonly BookedStatus[]): void {
  for (const status of booked) {
    const outcome = outcomes[status];
    if (outcome) countMetric('payments_total', { outcome });
  }
}

/** What holds money moves none. */
const outcomes: Partial<Record<BookedStatus, 'captured' | 'declined' | 'refunded'>> = {
  CAPTURED: 'captured',
  DECLINED: 'declined',
  REFUNDED: 'refunded',
};
