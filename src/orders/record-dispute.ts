import { describeDispute, type Dispute, type DisputeState } from '../domain/dispute.ts';
import type { EventOutcome } from '../domain/inbound-event.ts';
import { formatMoney } from '../domain/money.ts';
import { NEEDS_ATTENTION, ORDER_UPDATED } from '../domain/order-event.ts';
import { PAYMENT_SERVICE_ACTOR, type Order } from '../domain/order.ts';
import {
  judgeOutsideRefund,
  toOutsideTransaction,
  type OutsideRefund,
  type RefundVerdict,
} from '../domain/outside-refund.ts';
import { sumFailedRefunds } from '../repositories/amount-refunds.ts';
import { findOpenAmendment } from '../repositories/amendments.ts';
import { findDisputeState, findOpenDisputes, writeDispute } from '../repositories/disputes.ts';
import { hasParkedStep } from '../repositories/saga-steps.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findOrder, findOrderStatus } from '../repositories/order-repository.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import type { Db } from '../repositories/schema.ts';
import { writeChange, type OrderChange, type OrderPatch } from '../repositories/write-change.ts';
import type { OrderDependencies } from './dependencies.ts';
import { judgeArchived } from './judge-archived.ts';
import { writeOrder, type OrderWriter, type ReportedWrites } from './order-writer.ts';

type Dependencies = OrderWriter & Pick<OrderDependencies, 'commands'>;

/**
 * Writes where a dispute stands: while one is open the order needs attention, and says what to do; one that is lost books its amount as
 * refunded. Right in whatever order its events come. Rejects with a `TemporalUnavailableError` when the workflow can't be told, which shows
 * it in Temporal; calling again is safe.
 */
export async function recordDispute(
  dependencies: Dependencies,
  dispute: Dispute,
  by: Speaker = { actor: PAYMENT_SERVICE_ACTOR, reason: undefined },
): Promise<EventOutcome> {
  const { orderId } = dispute;
  if ((await findOrderStatus(dependencies.db, orderId)) === undefined) {
    return judgeArchived(dependencies.db, orderId, async (archive) => {
      const known = await findDisputeState(archive, orderId, dispute.disputeId);
      return known !== undefined && (known === dispute.state || dispute.state === 'OPEN');
    });
  }
  const outcome = await writeOrder(dependencies, orderId, (transaction, writes) =>
    writeStanding(transaction, writes, dispute, by),
  );
  if (outcome.state === 'APPLIED' || outcome.state === 'IGNORED') await tellWorkflow(dependencies, orderId);
  return outcome;
}

/** Who says where the dispute stands, and why, if it is a person. */
interface Speaker {
  readonly actor: string;
  readonly reason: string | undefined;
}

async function writeStanding(
  transaction: Db,
  writes: ReportedWrites,
  dispute: Dispute,
  { actor, reason }: Speaker,
): Promise<EventOutcome> {
  const { orderId, disputeId, state } = dispute;
  const order = await lockOrder(transaction, orderId);
  if (dispute.currency !== order.currency) {
    return { state: 'DEAD', reason: `the order is in ${order.currency}, the dispute in ${dispute.currency}` };
  }
  const known = await findDisputeState(transaction, orderId, disputeId);
  if (known !== undefined && isPast(known, state)) return judgePast(known, state);
  const money = await judgeMoney(transaction, dispute, order);
  if (money.verdict === 'wait') return { state: 'WAITING', reason: money.reason };
  if (money.verdict === 'dead') return { state: 'DEAD', reason: money.reason };
  await writeDispute(transaction, dispute);
  const isBooked = state === 'LOST' && money.verdict === 'book';
  if (isBooked) {
    const refund = { ...toRefund(dispute), reason: describeDispute(dispute) };
    await writes.writeLedger([], [toOutsideTransaction(refund, order.paymentMethod)]);
  }
  await writeChange(transaction, {
    orderId,
    kind: 'DISPUTE',
    key: `dispute:${disputeId}:${state}`,
    actor,
    reason: reason === undefined ? describeDispute(dispute) : `${describeDispute(dispute)}: ${reason}`,
    event: eventOf(dispute),
    set: {
      ...(await attentionOf(transaction, order)),
      ...(isBooked && { refundedMinor: money.refundedMinor, paymentStatus: money.paymentStatus }),
    },
  });
  return { state: 'APPLIED' };
}

function eventOf(dispute: Dispute): OrderChange['event'] {
  if (dispute.state !== 'OPEN') return { type: ORDER_UPDATED, details: { change: 'DISPUTE' } };
  const problem = `dispute ${dispute.disputeId} is open`;
  return { type: NEEDS_ATTENTION, details: { step: null, problem, what_to_do: describeDispute(dispute) } };
}

function isPast(known: DisputeState, state: DisputeState): boolean {
  return known !== 'OPEN' || state === 'OPEN';
}

function judgePast(known: DisputeState, state: DisputeState): EventOutcome {
  if (known === state || state === 'OPEN') return { state: 'IGNORED', reason: `the dispute is ${known} already` };
  return { state: 'DEAD', reason: `the dispute was ${known}: it can't be ${state} as well` };
}

/** Whether what is disputed can be: no more than is left of what was charged. */
async function judgeMoney(transaction: Db, dispute: Dispute, order: Order): Promise<RefundVerdict> {
  const transactions = await findBooks(transaction, order.id);
  const isAmending = (await findOpenAmendment(transaction, order.id)) !== undefined;
  const judged = judgeOutsideRefund(toRefund(dispute), order, { transactions, isAmending });
  // What has gone back meanwhile may still be disputed: that is for a person to tell the bank.
  return dispute.state === 'OPEN' && judged.verdict === 'dead' ? judgeOpen(dispute, transactions, judged) : judged;
}

type Books = Awaited<ReturnType<typeof findBooks>>;

function judgeOpen({ amountMinor, currency }: Dispute, books: Books, judged: RefundVerdict): RefundVerdict {
  const charges = books.filter(({ status }) => status === 'CAPTURED');
  const chargedMinor = charges.reduce((sum, charge) => sum + charge.amountMinor, 0);
  if (amountMinor <= chargedMinor) return { verdict: 'known', reason: '' };
  const charged = `${formatMoney(chargedMinor, currency)} ${currency}`;
  return judged.verdict === 'dead' ? { verdict: 'dead', reason: `only ${charged} was charged` } : judged;
}

/** What a lost dispute is to the order's books. */
function toRefund(dispute: Dispute): OutsideRefund {
  return { ...dispute, refundId: `dispute:${dispute.disputeId}`, idempotencyKey: null, paymentId: null };
}

/** What the order says of its disputes, once this one is written. */
async function attentionOf(transaction: Db, order: Order): Promise<OrderPatch> {
  const isDisputed = (await findOpenDisputes(transaction, order.id)).length > 0;
  if (isDisputed) {
    const isUnderWay = order.sagaState === 'RUNNING' || order.sagaState === 'COMPENSATING';
    return { isDisputed, ...(!isUnderWay && { sagaState: 'NEEDS_ATTENTION' }) };
  }
  const staysMarked =
    order.sagaState !== 'NEEDS_ATTENTION' ||
    (await hasParkedStep(transaction, order.id)) ||
    (await sumFailedRefunds(transaction, order.id)) > 0;
  if (staysMarked) return { isDisputed };
  return { isDisputed, sagaState: order.status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED' };
}

/** As it stands now: a workflow that hears late hears what is true. */
async function tellWorkflow({ db, commands }: Dependencies, orderId: string): Promise<void> {
  const order = await findOrder(db, orderId);
  const [open] = await findOpenDisputes(db, orderId);
  await commands.tellDisputed(orderId, {
    problem: open ? describeDispute(open) : null,
    version: order?.version ?? 0,
    actor: PAYMENT_SERVICE_ACTOR,
    reason: open ? 'the payment is disputed' : 'no dispute is open any more',
    command_id: `dispute:${orderId}:${order?.version}`,
  });
}
