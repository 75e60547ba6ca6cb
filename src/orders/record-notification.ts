import type { ChangeKind } from '../domain/order-change.ts';
import { isConfirmationOldNews } from '../domain/order-status.ts';
import type { StepRecord } from '../domain/saga.ts';
import { writeLedger } from '../repositories/ledger.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findChange, writeSagaChange, writeStuckStep } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What became of a notification that did not go out at once. */
export interface NotificationRecord {
  readonly orderId: string;
  /** Names the change within its order. */
  readonly key: string;
  /** That it failed, or what somebody decided about it. */
  readonly kind: Extract<ChangeKind, 'NOTIFICATION' | 'RETRIED' | 'SKIPPED' | 'RESOLVED'>;
  readonly step: StepRecord;
  /** Whether somebody has to look at it. */
  readonly isFailed: boolean;
  readonly actor: string;
  readonly reason: string;
}

/** Writes that the customer could not be notified, or that this has been dealt with; the saga stays where it stands. Repeatable. */
export async function recordNotification(writer: OrderWriter, record: NotificationRecord): Promise<void> {
  const { orderId, key, kind, step, isFailed, actor, reason } = record;
  await writeOrder(writer, orderId, async (transaction) => {
    const { status } = await lockOrder(transaction, orderId);
    if (await findChange(transaction, orderId, key)) return;
    await writeLedger(transaction, orderId, [step]);
    const isNotificationFailed = isFailed && !isConfirmationOldNews(status);
    const set = { isNotificationFailed };
    const change = { orderId, kind, key, step: step.step, actor, reason: reason || null, set };
    if (!isNotificationFailed) return writeSagaChange(transaction, change);
    return writeStuckStep(transaction, { ...change, problem: step.lastError ?? reason });
  });
}
