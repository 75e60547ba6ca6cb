import { parseMoney } from '../../src/domain/money.ts';
import type { PaymentStatus } from '../../src/domain/payment-status.ts';
import { wasSold } from './check-stock.ts';
import type { ReadOrder, ReadPayment } from './read-everything.ts';
import type { Breach } from './evidence.ts';

/** What was captured and refunded for an order, in minor units. */
export interface Money {
  readonly charges: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** What is authorised, and neither captured nor released. */
  readonly heldMinor: number;
}

/** What each order's payments came to, by order. */
export function moneyByOrder(payments: readonly ReadPayment[]): Map<string, Money> {
  const money = new Map<string, Money>();
  for (const payment of payments) {
    const { order_id: orderId, currency, status } = payment;
    const before = money.get(orderId) ?? NO_MONEY;
    const takenMinor = status === 'DECLINED' ? 0 : parseMoney(payment.captured_amount ?? payment.amount, currency);
    const isHeld = status === 'AUTHORIZED' || status === 'PARTIALLY_CAPTURED';
    money.set(orderId, {
      charges: before.charges + (takenMinor > 0 ? 1 : 0),
      capturedMinor: before.capturedMinor + takenMinor,
      refundedMinor: before.refundedMinor + parseMoney(payment.refunded_amount, currency),
      heldMinor: before.heldMinor + (isHeld ? parseMoney(payment.amount, currency) - takenMinor : 0),
    });
  }
  return money;
}

const NO_MONEY: Money = { charges: 0, capturedMinor: 0, refundedMinor: 0, heldMinor: 0 };

/** What money is judged by beside its order. */
interface Circumstances {
  readonly wasAmended: boolean;
  readonly isCapturedLater: boolean;
}

/**
 * Checks that a sold order was paid exactly once, minus returns, that any other order was not paid, and that the order's own figures
 * agree. An amended order may have been charged more and refunded the difference. Of an order whose payment is captured with its
 * shipments, what has not been captured is held until the last of them.
 */
export function moneyMatches(
  order: ReadOrder,
  money: Money = NO_MONEY,
  { wasAmended, isCapturedLater }: Circumstances,
): Breach[] {
  if (order.saga_state === 'NEEDS_ATTENTION') return [];
  if (isCapturedLater && (order.status === 'CONFIRMED' || order.status === 'PROCESSING'))
    return holdsTheRest(order, money);
  const { id: orderId, status, payment_status: paymentStatus, currency } = order;
  const { charges, capturedMinor, refundedMinor, heldMinor } = money;
  const toldMinor = parseMoney(order.refunded_amount, currency);
  const dueMinor = wasSold(order) ? parseMoney(order.total, currency) - toldMinor : 0;
  const breaches: Breach[] = [];
  const say = (what: string) => breaches.push({ orderId, what: `${status}: ${what}` });
  if (capturedMinor - refundedMinor !== dueMinor) {
    say(`captured ${capturedMinor}, refunded ${refundedMinor}, due ${dueMinor} (minor units)`);
  }
  if (heldMinor > 0) say(`${heldMinor} (minor units) is authorised, and neither captured nor released`);
  if (charges > 1 && !wasAmended) say(`charged ${charges} times`);
  if (wasSold(order) && paymentStatus !== paidAs(order)) say(`payment status ${paymentStatus}`);
  if (status === 'CANCELLED') {
    if (wasAmended ? toldMinor > refundedMinor : toldMinor !== refundedMinor)
      say(`its refunded amount is ${toldMinor}, but ${refundedMinor} was refunded (minor units)`);
    if ((paymentStatus === 'REFUNDED') !== refundedMinor > 0) {
      say(`payment status ${paymentStatus} after a refund of ${refundedMinor}`);
    }
  }
  return breaches;
}

/** Of an order that has goods to ship: together, what is captured and what is held suffice, and no more is captured than it comes to. */
function holdsTheRest(order: ReadOrder, { capturedMinor, refundedMinor, heldMinor }: Money): Breach[] {
  const { id: orderId, status, payment_status: paymentStatus, currency } = order;
  const dueMinor = parseMoney(order.total, currency) - parseMoney(order.refunded_amount, currency);
  const takenMinor = capturedMinor - refundedMinor;
  const breaches: Breach[] = [];
  const say = (what: string) => breaches.push({ orderId, what: `${status}: ${what}` });
  if (takenMinor > dueMinor || takenMinor + heldMinor < dueMinor) {
    say(`captured ${takenMinor}, held ${heldMinor}, due ${dueMinor} (minor units)`);
  }
  if (paymentStatus !== 'AUTHORIZED' && dueMinor > 0) say(`payment status ${paymentStatus}`);
  return breaches;
}

function paidAs({ refunded_amount: refunded, total, currency }: ReadOrder): PaymentStatus {
  const refundedMinor = parseMoney(refunded, currency);
  if (refundedMinor === 0) return 'CAPTURED';
  return refundedMinor === parseMoney(total, currency) ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
}
