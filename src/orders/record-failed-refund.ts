import { uuidv7 } from 'uuidv7';
import { describeDecision } from '../domain/describe-attention.ts';
import {
  describeFailedRefund,
  judgeFailedRefund,
  toFailureTransaction,
  type FailureVerdict,
} from '../domain/failed-refund.ts';
import type { EventOutcome } from '../domain/inbound-event.ts';
import { NEEDS_ATTENTION } from '../domain/order-event.ts';
import { PAYMENT_SERVICE_ACTOR, type Order } from '../domain/order.ts';
import { toOutsideTransaction, type OutsideRefund } from '../domain/outside-refund.ts';
import { insertRefund, sumFailedRefunds } from '../repositories/amount-refunds.ts';
import { findOpenAmendment } from '../repositories/amendments.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findOrder } from '../repositories/order-repository.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import type { Db } from '../repositories/schema.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';
import { judgeArchived } from './judge-archived.ts';
import type { EndEvent } from './record-outside-refund.ts';

/**
 * Books that a refund has failed at the payment service, once: the order says what the customer really has, and a refund in its place is opened,
 * which is due by hand. The relay tells the order's workflow of it, which then waits for somebody to decide.
 */
export async function recordFailedRefund(
  writer: OrderWriter,
  failed: OutsideRefund,
  endEvent: EndEvent,
): Promise<EventOutcome> {
  const { orderId } = failed;
  if (!(await findOrder(writer.db, orderId))) {
    return judgeArchived(writer.db, orderId, async (archive, order) => {
      return (await judge(archive, failed, order)).verdict === 'known';
    });
  }
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const judged = await judge(transaction, failed, order);
    if (judged.verdict !== 'book') return { state: states[judged.verdict], reason: judged.reason };
    const applied = { state: 'APPLIED' } as const;
    if (!(await endEvent(transaction, applied))) return applied;
    const { refund, isNew, refundedMinor, paymentStatus } = judged;
    const { paymentMethod } = order;
    const made = isNew ? [toOutsideTransaction(failed, paymentMethod)] : [];
    await writes.writeLedger([], [...made, toFailureTransaction(failed, refund, paymentMethod)]);
    const problem = describeFailedRefund(failed);
    await openReplacement(transaction, failed, { replaces: refund.idempotencyKey, reason: problem });
    const isUnderWay = order.sagaState === 'RUNNING' || order.sagaState === 'COMPENSATING';
    await writeChange(transaction, {
      orderId,
      kind: 'REFUND',
      key: `refund-failed:${failed.refundId}`,
      actor: PAYMENT_SERVICE_ACTOR,
      reason: problem,
      event: {
        type: NEEDS_ATTENTION,
        details: { step: STEP, problem, what_to_do: describeDecision(orderId, STEP) },
      },
      set: {
        refundedMinor,
        paymentStatus,
        refundDueMinor: await sumFailedRefunds(transaction, orderId),
        ...(!isUnderWay && { sagaState: 'NEEDS_ATTENTION' }),
      },
    });
    return applied;
  });
}

/** The step that waits for the decision. */
const STEP = 'refundAmount';

const states = { known: 'IGNORED', wait: 'WAITING', dead: 'DEAD' } as const;

/**
 * Whether a refund that has failed is on record, or never will be. Until then it may have been made once more since, so that whoever tells of it is to look
 * again.
 */
export async function isFailureDecidable(db: Db, failed: OutsideRefund): Promise<boolean> {
  const order = await findOrder(db, failed.orderId);
  return order === undefined || (await judge(db, failed, order)).verdict !== 'wait';
}

async function judge(db: Db, failed: OutsideRefund, order: Order): Promise<FailureVerdict> {
  const transactions = await findBooks(db, order.id);
  const isAmending = (await findOpenAmendment(db, order.id)) !== undefined;
  return judgeFailedRefund(failed, order, { transactions, isAmending });
}

/** What the customer has not got is to go back another way. */
async function openReplacement(
  db: Db,
  { orderId, amountMinor }: OutsideRefund,
  why: { readonly replaces: string; readonly reason: string },
): Promise<void> {
  await insertRefund(db, {
    id: uuidv7(),
    orderId,
    amountMinor,
    notifies: false,
    actor: PAYMENT_SERVICE_ACTOR,
    ...why,
  });
}
