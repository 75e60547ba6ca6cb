import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import type { SagaProgress, StepRecord } from '../domain/saga.ts';
import { findFailedRefund, sumFailedRefunds } from '../repositories/amount-refunds.ts';
import { findLastError } from '../repositories/ledger.ts';
import { countMetric } from '../metrics/record-metrics.ts';
import type { Db } from '../repositories/schema.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findChange, writeStuckStep } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** A step that can't go on by itself. */
export interface ParkingRecord {
  readonly orderId: string;
  /** Names the parking within its order. */
  readonly key: string;
  /** The step; without an error of its own, what its attempts reported stays. */
  readonly step: StepRecord;
  /** What went wrong, should its attempts have reported nothing. */
  readonly problem: string;
  /** How far the saga had come. */
  readonly progress: SagaProgress;
  /** What was charged and refunded before. */
  readonly transactions: readonly PaymentTransactionRecord[];
  /** What was paid outside the payment service and has to go back by hand, in minor units, if that is why the step waits. */
  readonly refundDueMinor?: number | undefined;
}

/** Writes that a step waits for an operator, with everything that was done before it. Repeating it changes nothing. */
export async function recordParking(writer: OrderWriter, record: ParkingRecord): Promise<void> {
  const { orderId, key, step, problem, progress, transactions, refundDueMinor } = record;
  const isWritten = await writeOrder(writer, orderId, async (transaction, writes) => {
    await lockOrder(transaction, orderId);
    if (await findChange(transaction, orderId, key)) return false;
    const before = progress.steps.filter((one) => one.step !== step.step || one.saga !== step.saga);
    await writes.writeLedger([...before, step], transactions);
    const reason = (await findLastError(transaction, orderId, step)) ?? problem;
    await writeStuckStep(transaction, {
      orderId,
      kind: 'PARKED',
      key,
      step: step.step,
      actor: SAGA_ACTOR,
      reason,
      problem: reason,
      set: {
        sagaState: 'NEEDS_ATTENTION',
        ...(refundDueMinor !== undefined && {
          refundDueMinor: await sumDue(transaction, { orderId, saga: step.saga, dueMinor: refundDueMinor }),
        }),
        ...(progress.reservationId !== undefined && { reservationId: progress.reservationId }),
      },
    });
    return true;
  });
  if (!isWritten) return;
  countMetric('saga_parked_total', { step: step.step });
  writer.logger.warn({ order_id: orderId, step: step.step }, 'order needs attention');
}

/** With what else is due by hand: the refunds that have failed at the payment service, of which the step may be one. */
async function sumDue(
  db: Db,
  {
    orderId,
    saga,
    dueMinor,
  }: { readonly orderId: string; readonly saga: string | undefined; readonly dueMinor: number },
): Promise<number> {
  const failedMinor = await sumFailedRefunds(db, orderId);
  const isFailed = saga !== undefined && (await findFailedRefund(db, orderId, saga)) !== undefined;
  return isFailed ? failedMinor : failedMinor + dueMinor;
}
