import { sagaStateAfter, type AmendmentState } from '../domain/amendment.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { StepRecord } from '../domain/saga.ts';
import { endAmendment } from '../repositories/amendments.ts';
import { writeLedger } from '../repositories/ledger.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { replaceItems } from '../repositories/order-items.ts';
import { writeChange, writeSagaState } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** How an amendment has ended. */
export interface AmendmentRecord {
  readonly orderId: string;
  readonly number: number;
  readonly state: Exclude<AmendmentState, 'PLANNED'>;
  readonly steps: readonly StepRecord[];
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Writes the amended lines and amounts, or that the amendment has failed and nothing changes. Repeating it changes nothing. */
export async function recordAmendment(writer: OrderWriter, record: AmendmentRecord): Promise<void> {
  const { orderId, number, state, steps, transactions } = record;
  await writeOrder(writer, orderId, async (transaction) => {
    const { status } = await lockOrder(transaction, orderId);
    const ended = await endAmendment(transaction, { orderId, number, state });
    if (!ended) return;
    const sagaState = sagaStateAfter(state, status);
    await writeLedger(transaction, orderId, steps, transactions);
    if (state === 'FAILED') {
      await writeSagaState(transaction, orderId, sagaState);
      return;
    }
    await replaceItems(transaction, orderId, ended.items);
    await writeChange(transaction, {
      orderId,
      kind: 'ITEMS',
      key: `amended:${number}`,
      actor: ended.actor,
      reason: ended.reason,
      event: 'order.amended',
      more: { total_minor: ended.amounts.totalMinor, difference_minor: ended.differenceMinor },
      set: { ...ended.amounts, sagaState, amendUntil: null, failure: null },
    });
  });
}
