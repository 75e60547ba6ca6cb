import { expect } from 'vitest';
import { balanceOf } from '../../src/domain/book-refund.ts';
import { parseMoney } from '../../src/domain/money.ts';
import { canTransition } from '../../src/domain/order-status.ts';
import { movedMoney, sagas, type CreateAction } from '../../src/domain/saga.ts';
import { findBooks } from '../../src/repositories/payment-transactions.ts';
import type { SagaRig } from '../setup/saga-rig.ts';

/** An order whose saga is over, with the product that only it buys. */
export interface SettledOrder {
  readonly id: string;
  readonly sku: string;
  /** What was in stock before the order, and how much of it the order is for. */
  readonly stock: number;
  readonly quantity: number;
  readonly outcome: 'CONFIRMED' | 'CANCELLED';
  /** How many charges it is paid with, one unless given. */
  readonly charges?: number;
  /** What an operator has done by hand, if anything. */
  readonly byHand?: CreateAction;
}

type Predicate = (rig: SagaRig, order: SettledOrder) => Promise<void>;

/** What must hold of an order once it is at rest, whatever went wrong on the way; each throws what is not so. */
const cleanSlate: Readonly<Record<string, Predicate>> = {
  'the order has its outcome and nothing pending': hasItsOutcome,
  'no hold is left': leavesNoHold,
  'stock is conserved': conservesStock,
  'the money is what the order says': keepsMoneyAndOrderEqual,
  'at most one charge went through for each payment method': chargesOnce,
  'the history is a legal walk without gaps': hasLegalHistory,
  'the ledger agrees': hasAgreeingLedger,
  'the customer was told of each thing once, or never': notifiesOnce,
  'what comes late finds a tombstone': refusesWhatComesLate,
};

/** What is not as it must be, with why; nothing when all is well. */
export async function breaches(rig: SagaRig, order: SettledOrder): Promise<string[]> {
  const found: string[] = [];
  for (const [name, holds] of Object.entries(cleanSlate)) {
    await holds(rig, order).catch((error: unknown) => {
      found.push(`not so: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return found;
}

async function hasItsOutcome(rig: SagaRig, { id, outcome }: SettledOrder): Promise<void> {
  const isConfirmed = outcome === 'CONFIRMED';
  expect(await rig.order(id)).toMatchObject({
    status: outcome,
    sagaState: isConfirmed ? 'COMPLETED' : 'COMPENSATED',
  });
  const { status, raw, searchAttributes } = await rig.handle(id).describe();
  expect(status.name).toBe(isConfirmed ? 'RUNNING' : 'COMPLETED');
  // A closed workflow may list the attempt that its cancellation cut off: what that still does, a tombstone forbids.
  if (isConfirmed) expect(raw.pendingActivities ?? []).toEqual([]);
  expect(searchAttributes['OrderStatus']).toEqual([outcome]);
  // A cleared attribute reads as null or as none, depending on whether it was ever set.
  expect([searchAttributes['SagaStep'], searchAttributes['NeedsAttention']].flat().filter(Boolean)).toEqual([]);
}

async function leavesNoHold({ sandbox }: SagaRig, { id, outcome }: SettledOrder): Promise<void> {
  const { body } = await sandbox.call('GET', `/reservations/${id}`);
  expect(body.status).toBe(outcome === 'CONFIRMED' ? 'COMMITTED' : 'RELEASED');
}

async function conservesStock(rig: SagaRig, { sku, stock, quantity, outcome }: SettledOrder): Promise<void> {
  const sold = outcome === 'CONFIRMED' ? quantity : 0;
  expect(await rig.stock(sku)).toEqual({ stock: stock - sold, reserved: 0 });
}

async function keepsMoneyAndOrderEqual(rig: SagaRig, settled: SettledOrder): Promise<void> {
  if (isCapturedLater(rig)) return holdsTheWhole(rig, settled);
  const { id, outcome, byHand } = settled;
  const order = await rig.order(id);
  const payments = await paymentsOf(rig, id);
  const { outsideMinor } = balanceOf(await findBooks(rig.db, id));
  const inServiceMinor = payments.reduce((sum, { amountMinor, refundedMinor }) => sum + amountMinor - refundedMinor, 0);
  const keptMinor = inServiceMinor + outsideMinor;
  const refundedInService = payments.reduce((sum, payment) => sum + payment.refundedMinor, 0);
  const refundedMinor = byHand === undefined ? refundedInService : outcome === 'CONFIRMED' ? 0 : order.totalMinor;
  expect(keptMinor).toBe(outcome === 'CONFIRMED' ? order.totalMinor : 0);
  expect(order.refundedMinor).toBe(refundedMinor);
  const truthful = outcome === 'CONFIRMED' ? ['CAPTURED'] : refundedMinor > 0 ? ['REFUNDED'] : ['PENDING', 'FAILED'];
  expect(truthful).toContain(order.paymentStatus);
}

/** Whether payments are captured as goods are shipped: none of these orders has come so far. */
function isCapturedLater({ config }: SagaRig): boolean {
  return config.order.paymentCapture === 'shipment';
}

async function holdsTheWhole(rig: SagaRig, { id, outcome }: SettledOrder): Promise<void> {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${id}`);
  const isConfirmed = outcome === 'CONFIRMED';
  const payments: { status: string; amount: string; captured_amount: string }[] = body.data;
  expect(payments.map(({ captured_amount: captured }) => captured).filter((captured) => captured !== '0.00')).toEqual(
    [],
  );
  const order = await rig.order(id);
  const held = payments.filter(({ status }) => status === 'AUTHORIZED').map(({ amount }) => parseMoney(amount, 'EUR'));
  expect(held).toEqual(isConfirmed ? [order.totalMinor] : []);
  const books = await findBooks(rig.db, id);
  expect(books.filter(({ status }) => status === 'AUTHORIZED' || status === 'CAPTURED')).toHaveLength(held.length);
  expect(order.refundedMinor).toBe(0);
  expect(isConfirmed ? ['AUTHORIZED'] : ['PENDING', 'FAILED']).toContain(order.paymentStatus);
}

async function chargesOnce(rig: SagaRig, { id, outcome, byHand, charges = 1 }: SettledOrder): Promise<void> {
  if (isCapturedLater(rig)) return;
  const made = (await paymentsOf(rig, id)).length;
  expect(made).toBeLessThanOrEqual(charges);
  const isPaidByHand = byHand !== undefined && movedMoney(byHand) === 'CHARGE';
  if (outcome === 'CONFIRMED' && !isPaidByHand) expect(made).toBe(charges);
}

async function hasLegalHistory(rig: SagaRig, { id, outcome }: SettledOrder): Promise<void> {
  const changes = (await rig.historyRows(id)).filter(({ change }) => change === 'STATUS');
  const [first, ...rest] = changes;
  expect(first).toMatchObject({ from_status: null, to_status: 'PENDING', version: 1 });
  let previous = first!;
  for (const row of rest) {
    expect(row.from_status).toBe(previous.to_status);
    expect(`${row.from_status} → ${row.to_status}: ${canTransition(row.from_status!, row.to_status)}`).toMatch(/true$/);
    previous = row;
  }
  expect(previous.to_status).toBe(outcome);
}

async function hasAgreeingLedger(rig: SagaRig, { id, outcome, byHand }: SettledOrder): Promise<void> {
  const ledger: Record<string, string> = await rig.ledger(id);
  for (const [step, compensation] of Object.entries(sagas.create) as [
    keyof typeof sagas.create,
    CreateAction | null,
  ][]) {
    const isCaptured = rig.config.order.paymentCapture !== undefined;
    const isOtherWay = isCaptured
      ? step === 'chargePayment' || (step === 'capturePayment' && isCapturedLater(rig))
      : step === 'authorizePayment' || step === 'capturePayment';
    // What was paid by hand is not captured.
    if (byHand === 'authorizePayment' && step === 'capturePayment') continue;
    if (isOtherWay || (step === 'reviewOrder' && !rig.config.order.review)) {
      expect(ledger).not.toHaveProperty(step);
    } else if (outcome === 'CONFIRMED') {
      expect({ [step]: ledger[step] }).toEqual({ [step]: step === byHand ? 'RESOLVED' : 'DONE' });
      if (compensation) expect(ledger).not.toHaveProperty(compensation);
    } else if (compensation && ledger[step]) {
      expect({ [compensation]: ledger[compensation] }).toEqual({
        [compensation]: compensation === byHand ? 'RESOLVED' : 'DONE',
      });
    }
  }
}

async function notifiesOnce({ sandbox }: SagaRig, { id, outcome }: SettledOrder): Promise<void> {
  const { body } = await sandbox.call('GET', `/notifications?order_id=${id}`);
  const types: string[] = body.data.map(({ type }: { type: string }) => type);
  expect(types).toEqual([...new Set(types)]);
  if (outcome === 'CONFIRMED') expect(types).toContain('ORDER_CONFIRMED');
}

/** Makes the calls that a step's late attempt would make. */
async function refusesWhatComesLate(rig: SagaRig, { id, sku, quantity, outcome }: SettledOrder): Promise<void> {
  if (outcome === 'CONFIRMED') return;
  const { sandbox } = rig;
  const hold = await sandbox.call('POST', '/reservations', { order_id: id, items: [{ sku, quantity }] });
  expect(hold.body.code).toBe('RESERVATION_RELEASED');
  // An order that ended before its charge was ever asked for has nothing to forbid.
  const ledger = await rig.ledger(id);
  if (!ledger['refundPaymentIfCharged'] && !ledger['voidPaymentIfAuthorized']) return;
  const body = { order_id: id, amount: '25.00', currency: 'EUR', payment_method: 'tok_ok' };
  const charge = await sandbox.call('POST', '/payments', body, { 'idempotency-key': `${id}:charge:1` });
  expect(charge.body.code).toBe('PAYMENT_VOIDED');
}

/** What was captured for the order, in minor units. */
async function paymentsOf({ sandbox }: SagaRig, id: string) {
  const { body } = await sandbox.call('GET', `/payments/order/${id}`);
  const payments: {
    status: string;
    amount: string;
    captured_amount?: string;
    refunded_amount: string;
    currency: string;
  }[] = body.data;
  // What is only held is as bad as what is kept: it has to be captured or released.
  expect(payments.filter(({ status }) => status === 'AUTHORIZED' || status === 'PARTIALLY_CAPTURED')).toEqual([]);
  return payments
    .filter(({ status }) => status !== 'DECLINED' && status !== 'VOIDED')
    .map(({ amount, captured_amount = amount, refunded_amount, currency }) => ({
      amountMinor: parseMoney(captured_amount, currency),
      refundedMinor: parseMoney(refunded_amount, currency),
    }));
}
