import { ApplicationFailure } from '@temporalio/workflow';
import { amountRefundKey, type OpenRefund } from '../src/domain/amount-refund.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { RefundPaymentCommand } from '../src/domain/messages.ts';
import { sagaName, type StepOf } from '../src/domain/saga.ts';
import { isUuid } from '../src/domain/uuid.ts';
import { untilWritten } from './activity-options.ts';
import { createRejection } from './create-rejection.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity, runRegularActivity, type ActivityCall } from './run-activity.ts';
import { Saga } from './saga.ts';
import { NO_REASON } from '../src/domain/told-reason.ts';

/** Gives money back without goods; throws the `ApplicationFailure` that says why it can't be. */
export async function refundPayment(order: OrderRun, command: RefundPaymentCommand): Promise<void> {
  const { refund_id: id = refundIdOf(command), amount, notify = false, actor, reason } = command;
  const input = { id, orderId: order.id, amount, notifies: notify, actor, reason: reason || NO_REASON };
  const call = { name: 'openRefund', input, summary: `refund by ${actor}` } as const;
  // Not on the fast path: the command is in the history before the refund is on record.
  await settleRefund(order, await runRegularActivity(call, untilWritten));
}

/** A refund that is asked for by a signal has no id of its own: the command's, in the form of one, finds it again. */
function refundIdOf({ command_id: id }: RefundPaymentCommand): string {
  if (isUuid(id)) return id;
  throw createRejection(failureTypes.invalidCommand, '"command_id" must be a UUID, or be left out');
}

/** Makes a refund that an earlier run of the workflow left open. Nobody waits for it any more: that it could not be made is on record. */
export async function settleOpenRefund(order: OrderRun, opened: OpenRefund): Promise<void> {
  await settleRefund(order, opened).catch((error: unknown) => {
    if (!(error instanceof ApplicationFailure)) throw error;
  });
}

/** Makes a refund that is on record, once, and writes how it ended. Nothing compensates it: money that went back stays with the customer. */
async function settleRefund(order: OrderRun, opened: OpenRefund): Promise<void> {
  if (opened.state === 'REFUNDED') return;
  if (opened.state === 'REJECTED') throw createRejection(failureTypes.notPossible, 'the refund was given up');
  const name = sagaName('refund', opened.number);
  const saga = new Saga<StepOf<'refund'>>(order, {}, name);
  const made = await makeRefund(order, saga, opened).catch(async (error: unknown) => {
    if (!(error instanceof ApplicationFailure)) throw error;
    await recordEnd(order, saga, opened, { state: 'REJECTED', problem: error.message, ...NOTHING });
    throw error;
  });
  if (made.refundedMinor > 0) {
    await recordEnd(order, saga, opened, { state: 'REFUNDED', ...made });
    return;
  }
  const problem = 'an operator gave the refund up';
  await recordEnd(order, saga, opened, { state: 'REJECTED', problem, ...NOTHING });
  throw createRejection(failureTypes.notPossible, problem);
}

type End = Omit<ActivityCall<'recordRefund'>['input'], 'orderId' | 'refundId' | 'steps'>;

const NOTHING = { refundedMinor: 0, transactions: [] } as const satisfies Partial<End>;

/** Returns what went back, through the payment service and by hand. */
async function makeRefund(
  order: OrderRun,
  saga: Saga<StepOf<'refund'>>,
  { number, amountMinor }: OpenRefund,
): Promise<Pick<End, 'refundedMinor' | 'transactions'>> {
  const { orderId, currency } = order.input;
  const key = amountRefundKey(orderId, number);
  const input = { orderId, saga: sagaName('refund', number), idempotencyKey: key, amountMinor, currency };
  const summary = `refund ${order.money(amountMinor)}`;
  const money = () => ({ kind: 'REFUND', key, amountMinor }) as const;
  const refunded = await saga.runPivot({ name: 'refundAmount', input, summary, money });
  const inServiceMinor = refunded?.refundedMinor ?? 0;
  const byHandMinor = refunded?.byHandMinor ?? saga.ledger.byHandMinor('refundAmount');
  const transaction = {
    idempotencyKey: key,
    kind: 'REFUND',
    status: 'REFUNDED',
    amountMinor: inServiceMinor,
    currency,
    paymentMethod: order.state.paymentMethod,
  } as const;
  return { refundedMinor: inServiceMinor + byHandMinor, transactions: inServiceMinor > 0 ? [transaction] : [] };
}

async function recordEnd(order: OrderRun, saga: Saga<StepOf<'refund'>>, { id }: OpenRefund, end: End): Promise<void> {
  const input = { orderId: order.id, refundId: id, steps: saga.ledger.records, ...end };
  const call = { name: 'recordRefund', input, summary: `refund ${end.state}` } as const;
  const { status } = await runActivity(call, untilWritten);
  order.change({ kind: 'statusRecorded', status });
}
