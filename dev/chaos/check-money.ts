import { parseMoney } from '../../src/domain/money.ts';
import type { PaymentStatus } from '../../src/domain/payment-status.ts';
import { wasSold } from './check-stock.ts';
import type { ReadOrder, ReadPayment } from './read-everything.ts';
import type { Breach } from './evidence.ts';

/** What was taken for an order and given back, in minor units. */
export interface Money {
  readonly charges: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** Charges that went through, by order. */
export function moneyByOrder(payments: readonly ReadPayment[]): Map<string, Money> {
  const money = new Map<string, Money>();
  for (const { order_id: orderId, amount, refunded_amount: refunded, currency, status } of payments) {
    const isCharge = status !== 'DECLINED';
    const before = money.get(orderId) ?? { charges: 0, capturedMinor: 0, refundedMinor: 0 };
    money.set(orderId, {
      charges: before.charges + (isCharge ? 1 : 0),
      capturedMinor: before.capturedMinor + (isCharge ? parseMoney(amount, currency) : 0),
      refundedMinor: before.refundedMinor + (isCharge ? parseMoney(refunded, currency) : 0),
    });
  }
  return money;
}

const NO_MONEY: Money = { charges: 0, capturedMinor: 0, refundedMinor: 0 };

/**
 * An order that was sold has been paid for exactly once, less what came back, any other one not at all, and it says so itself. An
 * amended one may have been charged more and given back some of it on the way.
 */
export function moneyMatches(order: ReadOrder, money: Money = NO_MONEY, wasAmended = false): Breach[] {
  if (order.saga_state === 'NEEDS_ATTENTION') return [];
  const { id: orderId, status, payment_status: paymentStatus, currency } = order;
  const { charges, capturedMinor, refundedMinor } = money;
  const toldMinor = parseMoney(order.refunded_amount, currency);
  const dueMinor = wasSold(order) ? parseMoney(order.total, currency) - toldMinor : 0;
  const breaches: Breach[] = [];
  const say = (what: string) => breaches.push({ orderId, what: `${status}: ${what}` });
  if (capturedMinor - refundedMinor !== dueMinor) {
    say(`captured ${capturedMinor}, refunded ${refundedMinor}, due ${dueMinor} (minor units)`);
  }
  if (charges > 1 && !wasAmended) say(`charged ${charges} times`);
  if (wasSold(order) && paymentStatus !== paidAs(order)) say(`payment status ${paymentStatus}`);
  if (status === 'CANCELLED') {
    if (wasAmended ? toldMinor > refundedMinor : toldMinor !== refundedMinor)
      say(`says ${toldMinor} was refunded, but ${refundedMinor} was (minor units)`);
    if ((paymentStatus === 'REFUNDED') !== refundedMinor > 0) {
      say(`payment status ${paymentStatus} after a refund of ${refundedMinor}`);
    }
  }
  return breaches;
}

function paidAs({ refunded_amount: refunded, total, currency }: ReadOrder): PaymentStatus {
  const refundedMinor = parseMoney(refunded, currency);
  if (refundedMinor === 0) return 'CAPTURED';
  return refundedMinor === parseMoney(total, currency) ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
}
