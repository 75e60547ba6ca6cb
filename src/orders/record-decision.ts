import { balanceOf, byHandMinor, keyByHand, type BookedTransaction } from '../domain/book-refund.ts';
import type { Resolution } from '../domain/messages.ts';
import { hasOutsideRefund } from '../domain/outside-refund.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { replaceableBy } from '../domain/payment-status.ts';
import { movedMoney, type SagaState, type StepRecord } from '../domain/saga.ts';
import { settleFailedRefund, sumFailedRefunds } from '../repositories/amount-refunds.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import { findChange, writeSagaChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What an operator decided about a parked step. */
export interface DecisionRecord {
  readonly orderId: string;
  /** Names the decision within its order. */
  readonly key: string;
  readonly action: Resolution;
  readonly actor: string;
  readonly reason: string;
  /** The step as it is after the decision. */
  readonly step: StepRecord;
  /** Where the saga stands after it. */
  readonly sagaState: SagaState;
  /** What the operator has moved by hand in the place of the step, if it moves money. */
  readonly money?: MoneyByHand | undefined;
}

/** Money that an operator moved outside the payment service; amounts in minor units. */
export interface MoneyByHand {
  readonly kind: PaymentTransactionRecord['kind'];
  /** The key of the charge or refund in whose place it was moved. */
  readonly key: string;
  /** What the step would have moved; everything that the order was paid unless given. */
  readonly amountMinor?: number | undefined;
  /** What of it was left to the operator, if it was not the whole. */
  readonly dueMinor?: number | undefined;
  readonly currency: string;
  readonly reference?: string | undefined;
}

/**
 * Writes what an operator decided, who and why, and what they charged or refunded by hand as a transaction that is EXTERNAL. Returns
 * how much that is in all, in minor units. Repeating it changes nothing.
 */
export async function recordDecision(writer: OrderWriter, record: DecisionRecord): Promise<{ byHandMinor: number }> {
  const { orderId, key, action, actor, reason, step, sagaState, money } = record;
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const { paymentStatus } = await lockOrder(transaction, orderId);
    const books = money ? await findBooks(transaction, orderId) : [];
    const beforeMinor = money ? byHandMinor(books, money.key) : 0;
    if (await findChange(transaction, orderId, key)) return { byHandMinor: beforeMinor };
    const moved = money && toTransaction(record, money, books);
    await writes.writeLedger([step], moved ? [moved] : []);
    if (step.saga !== undefined) await settleFailedRefund(transaction, orderId, step.saga);
    const isPaid = moved?.kind === 'CHARGE' && replaceableBy('CAPTURED').includes(paymentStatus);
    await writeSagaChange(transaction, {
      orderId,
      kind: kinds[action],
      key,
      step: step.step,
      actor,
      reason: reason || null,
      set: {
        sagaState,
        ...(isPaid && { paymentStatus: 'CAPTURED' }),
        // A refund that is tried again, and is still due by hand, says so again.
        ...(movedMoney(step.step) === 'REFUND' && { refundDueMinor: await sumFailedRefunds(transaction, orderId) }),
      },
    });
    return { byHandMinor: beforeMinor + (moved?.amountMinor ?? 0) };
  });
}

const kinds = { retry: 'RETRIED', skip: 'SKIPPED', resolve: 'RESOLVED' } as const;

function toTransaction(
  { actor, reason }: DecisionRecord,
  { kind, key, amountMinor, dueMinor, currency, reference }: MoneyByHand,
  books: readonly BookedTransaction[],
): PaymentTransactionRecord | undefined {
  const beforeMinor = byHandMinor(books, key);
  const { inServiceMinor, outsideMinor } = balanceOf(books);
  const restMinor = amountMinor === undefined ? inServiceMinor + outsideMinor : amountMinor - beforeMinor;
  // What the operator did at the payment service may have come to be known from there before they said so.
  const isKnown = kind === 'REFUND' && hasOutsideRefund(books);
  const leftMinor = isKnown ? Math.max(inServiceMinor + outsideMinor, 0) : Number.POSITIVE_INFINITY;
  const movedMinor = Math.min(dueMinor ?? restMinor, leftMinor);
  if (movedMinor <= 0) return undefined;
  return {
    idempotencyKey: beforeMinor > 0 ? `${keyByHand(key)}:${beforeMinor}` : keyByHand(key),
    kind,
    status: kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED',
    amountMinor: movedMinor,
    currency,
    paymentMethod: 'EXTERNAL',
    provider: 'EXTERNAL',
    reference,
    reason: reason || undefined,
    actor,
  };
}
