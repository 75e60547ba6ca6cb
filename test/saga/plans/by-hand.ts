import { balanceOf } from '../../../src/domain/book-refund.ts';
import { inventoryAmendment } from '../../../src/domain/amendment.ts';
import { sagaName, type SagaAction } from '../../../src/domain/saga.ts';
import { input } from './order.ts';
import type { Network } from './network.ts';
import { ledgerKey, type AmendmentRow, type Rows } from './rows.ts';
import type { SimulatedInventory } from './simulated-inventory.ts';
import type { SimulatedPayment } from './simulated-payment.ts';
import type { OrderLine } from '../../../src/domain/order.ts';

interface Services {
  readonly network: Network;
  readonly inventory: SimulatedInventory;
  readonly payment: SimulatedPayment;
  readonly rows: Rows['rows'];
}

/** An operator does by hand what the saga could not; false when that can't be done either, or may have been done already. */
export function doneByHand(step: SagaAction, services: Services): boolean {
  try {
    return doStep(step, services) ?? true;
  } catch {
    return false;
  }
}

function doStep(step: SagaAction, services: Services): boolean | void {
  const { inventory, rows } = services;
  const { orderId, lines, reservationTtlMs: ttlMs } = input;
  const amendment = rows.amendments.at(-1)!;
  const opened = rows.returns.find(({ state }) => state === 'OPEN' || state === 'RESTOCKED')!;
  switch (step) {
    case 'reserveInventory':
      return void inventory.reserve(orderId, lines, ttlMs);
    case 'confirmOrder':
      return void inventory.commit(orderId);
    case 'releaseInventoryIfReserved':
      return inventory.release(orderId);
    // Money moves outside the payment service, once it is certain that it has not moved there.
    case 'chargePayment':
    case 'authorizePayment':
    case 'capturePayment':
    case 'chargeDifference':
      return true;
    case 'refundPaymentIfCharged':
    case 'refundDifference':
    case 'refundReturn':
    case 'refundAmount':
      return mayRefund(services);
    case 'refundDifferenceIfCharged':
      return mayRefund(services, chargedDifference(rows, amendment));
    case 'amendReservation':
    case 'releaseSurplus':
      return inventory.amend(orderId, inventoryAmendment(amendment.number).apply, linesOf(amendment.items), ttlMs);
    case 'restoreReservation':
      return inventory.amend(orderId, inventoryAmendment(amendment.number).restore, linesOf(amendment.before), ttlMs);
    case 'restockReturn':
      return inventory.restock(orderId, opened.id, returnedLines(rows, opened.items));
    case 'withdrawRestock':
      return inventory.withdrawRestock(opened.id);
    case 'voidPaymentIfAuthorized':
    case 'notifyCustomer':
    case 'reviewOrder':
    case 'reviewAmendment':
      return true;
    default:
      return step satisfies never;
  }
}

/** Whether the payment service still has what was charged and not refunded, and nothing is on its way there. */
function mayRefund({ network, payment, rows }: Services, chargedMinor = 0): boolean {
  const { inServiceMinor } = balanceOf(rows.transactions);
  return !network.isUnderWay('payment') && payment.keptMinor() >= inServiceMinor + chargedMinor;
}

/** What the payment service has of an amendment's charge that is in the ledger and not on record yet. */
function chargedDifference({ ledger }: Rows['rows'], { number, differenceMinor }: AmendmentRow): number {
  return ledger.get(ledgerKey('chargeDifference', sagaName('amend', number))) === 'DONE' ? differenceMinor : 0;
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
