import { balanceOf, byHandMinor, keyByHand } from '../../../src/domain/book-refund.ts';
import type { PaymentTransactionRecord } from '../../../src/domain/order-transition.ts';
import { replaceableBy } from '../../../src/domain/payment-status.ts';
import type { DecisionRecord, MoneyByHand } from '../../../src/orders/record-decision.ts';
import type { FailedCapture } from '../../../src/orders/record-failed-capture.ts';
import type { NotificationRecord } from '../../../src/orders/record-notification.ts';
import type { ParkingRecord } from '../../../src/orders/record-parking.ts';
import type { Calls } from './network.ts';
import { ledgerKey, type ProjectionWatcher, type Rows } from './rows.ts';

/** What the use cases of parking and deciding do, on rows in memory. */
export function createSagaWrites(network: Calls, base: Rows, watch: ProjectionWatcher) {
  const { rows, writeSteps, writeTransactions } = base;
  const { order } = rows;
  const known = new Set<string>();

  /** Whether a change is written for the first time. */
  const isFirst = (key: string) => !known.has(key) && Boolean(known.add(key));

  const park = ({ key, step, problem, progress, transactions }: ParkingRecord): void => {
    if (!isFirst(key)) return;
    const own = ledgerKey(step.step, step.saga);
    writeSteps([...progress.steps.filter((one) => ledgerKey(one.step, one.saga) !== own), step]);
    writeTransactions(transactions);
    order.sagaState = 'NEEDS_ATTENTION';
    rows.problems.set(step.step, problem);
    watch.onAttention(step.step);
  };

  const decide = ({ key, step, sagaState, money }: DecisionRecord): { byHandMinor: number } => {
    const beforeMinor = money ? byHandMinor(rows.transactions, money.key) : 0;
    if (!isFirst(key)) return { byHandMinor: beforeMinor };
    writeSteps([step]);
    const movedMinor = money ? move(money, beforeMinor) : 0;
    order.sagaState = sagaState;
    const isPaid = movedMinor > 0 && money?.kind === 'CHARGE';
    if (isPaid && replaceableBy('CAPTURED').includes(order.paymentStatus)) order.paymentStatus = 'CAPTURED';
    return { byHandMinor: beforeMinor + movedMinor };
  };

  const move = ({ kind, key, amountMinor, dueMinor }: MoneyByHand, beforeMinor: number): number => {
    const { inServiceMinor, outsideMinor } = balanceOf(rows.transactions);
    const restMinor = amountMinor === undefined ? inServiceMinor + outsideMinor : amountMinor - beforeMinor;
    const movedMinor = Math.max(dueMinor ?? restMinor, 0);
    if (movedMinor === 0) return 0;
    const idempotencyKey = beforeMinor > 0 ? `${keyByHand(key)}:${beforeMinor}` : keyByHand(key);
    const status = kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED';
    rows.transactions.push({ idempotencyKey, kind, status, amountMinor: movedMinor, provider: 'EXTERNAL' });
    return movedMinor;
  };

  const notify = ({ key, step }: NotificationRecord): void => {
    if (isFirst(key)) writeSteps([step]);
  };

  return {
    recordParking: (record: ParkingRecord) => network.call('recordParking', () => park(record)),
    recordDecision: (record: DecisionRecord) => network.call('recordDecision', () => decide(record)),
    recordNotification: (record: NotificationRecord) => network.call('recordNotification', () => notify(record)),
    recordDeclinedPart: (declined: PaymentTransactionRecord) =>
      network.call('recordState', () => writeTransactions([declined])),
    findChange: (key: string) =>
      network.call('readStatus', () =>
        rows.written.includes(key) || rows.history.some((row) => row.key === key) ? 'SHIPMENT' : undefined,
      ),
    recordFailedCapture: ({ number, transactions }: FailedCapture) =>
      network.call('recordAttempt', () => {
        if (!isFirst(`capture-failed:${number}`)) return;
        writeTransactions(transactions);
        order.paymentStatus = 'FAILED';
      }),
    findBooks: () => network.call('findBooks', () => [...rows.transactions]),
  };
}
