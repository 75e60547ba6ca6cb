import { inventoryAmendment } from '../../../src/domain/amendment.ts';
import type { SagaAction } from '../../../src/domain/saga.ts';
import { input } from './order.ts';
import type { Rows } from './rows.ts';
import type { SimulatedInventory } from './simulated-inventory.ts';
import type { SimulatedPayment } from './simulated-payment.ts';
import type { OrderLine } from '../../../src/domain/order.ts';

interface Services {
  readonly inventory: SimulatedInventory;
  readonly payment: SimulatedPayment;
  readonly rows: Rows['rows'];
}

/** An operator does at the service what the saga could not; false when the service refuses them too. */
export function doneByHand(step: SagaAction, services: Services): boolean {
  try {
    return doStep(step, services) ?? true;
  } catch {
    return false;
  }
}

function doStep(step: SagaAction, { inventory, payment, rows }: Services): boolean | void {
  const { orderId, lines, reservationTtlMs: ttlMs, totalMinor, currency } = input;
  const amendment = rows.amendments.at(-1)!;
  const opened = rows.returns.find(({ state }) => state === 'OPEN' || state === 'RESTOCKED')!;
  const charge = (idempotencyKey: string, amountMinor: number) =>
    payment.charge({ orderId, idempotencyKey, amountMinor, currency, paymentMethod: 'tok_ok' }).outcome === 'captured';
  const refund = (of: string, amountMinor: number) =>
    payment.refund({ orderId, idempotencyKey: `${orderId}:refund:${of}`, amountMinor, currency });
  switch (step) {
    case 'reserveInventory':
      return void inventory.reserve(orderId, lines, ttlMs);
    case 'confirmOrder':
      return void inventory.commit(orderId);
    case 'releaseInventoryIfReserved':
      return inventory.release(orderId);
    case 'refundPaymentIfCharged':
      return void payment.voidOrder(orderId);
    case 'chargePayment': {
      const tries = rows.history.filter(({ key }) => key.startsWith('payment-retried')).length + 1;
      return charge(`${orderId}:charge:${tries}`, totalMinor);
    }
    case 'amendReservation':
    case 'releaseSurplus':
      return inventory.amend(orderId, inventoryAmendment(amendment.number).apply, linesOf(amendment.items), ttlMs);
    case 'restoreReservation':
      return inventory.amend(orderId, inventoryAmendment(amendment.number).restore, linesOf(amendment.before), ttlMs);
    case 'chargeDifference':
      return charge(`${orderId}:charge:amend:${amendment.number}`, amendment.differenceMinor);
    case 'refundDifferenceIfCharged':
      return void payment.voidCharge(`${orderId}:charge:amend:${amendment.number}`);
    case 'refundDifference':
      return refund(`amend:${amendment.number}`, -amendment.differenceMinor);
    case 'restockReturn':
      return inventory.restock(orderId, opened.id, returnedLines(rows, opened.items));
    case 'withdrawRestock':
      return inventory.withdrawRestock(opened.id);
    case 'refundReturn':
      return refund(`return:${opened.number}`, opened.refundMinor);
    case 'notifyCustomer':
      return true;
    default:
      return step satisfies never;
  }
}

function linesOf(items: readonly OrderLine[]): OrderLine[] {
  return items.map(({ sku, quantity }) => ({ sku, quantity }));
}

/** What some units of an order's lines are. */
export function returnedLines(
  rows: Rows['rows'],
  quantities: readonly { readonly item_id: string; readonly quantity: number }[],
): OrderLine[] {
  return quantities.map(({ item_id: id, quantity }) => ({
    sku: rows.items.find((item) => item.id === id)?.sku ?? '',
    quantity,
  }));
}
