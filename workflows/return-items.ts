import { ApplicationFailure } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { ReturnItemsCommand } from '../src/domain/messages.ts';
import type { OpenReturn } from '../src/domain/order-return.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { sagaName, type StepOf } from '../src/domain/saga.ts';
import { isUuid } from '../src/domain/uuid.ts';
import { untilWritten } from './activity-options.ts';
import { createRejection } from './create-rejection.ts';
import type { OrderRun } from './order-run.ts';
import { StepSkipped } from './park-step.ts';
import { runActivity, runRegularActivity } from './run-activity.ts';
import { Saga } from './saga.ts';
import { NO_REASON } from '../src/domain/told-reason.ts';

/** Takes delivered goods back and refunds them; throws the `ApplicationFailure` that says why it can't be. */
export async function returnItems(order: OrderRun, command: ReturnItemsCommand): Promise<void> {
  const { return_id: id = returnIdOf(command), items = [], actor, reason } = command;
  const input = { id, orderId: order.id, items, actor, reason: reason || NO_REASON };
  const call = { name: 'openReturn', input, summary: `return by ${actor}` } as const;
  // Not on the fast path: the command is in the history before the return is on record.
  await settleReturn(order, await runRegularActivity(call, untilWritten));
}

/** A return that is asked for by a signal has no id of its own: the command's, in the form of one, finds it again. */
function returnIdOf({ command_id: id }: ReturnItemsCommand): string {
  if (isUuid(id)) return id;
  throw createRejection(failureTypes.invalidCommand, '"command_id" must be a UUID, or be left out');
}

/** Puts the goods back into stock, then refunds them. Once they are back, the return is completed whatever comes. */
export async function settleReturn(order: OrderRun, opened: OpenReturn): Promise<void> {
  const returning = newReturn(order, opened);
  const { saga } = returning;
  // A repeat: the goods are back and refunded, and the status is all that there is to learn.
  if (opened.isCompleted) return recordEnd(returning, { state: 'REFUNDED', refundedMinor: 0, transactions: [] });
  if (!opened.isRestocked) await restock(returning);
  const record = { orderId: order.id, returnId: opened.id, steps: saga.ledger.records };
  const due = await runActivity({ name: 'recordRestock', input: record, summary: 'goods are back' }, untilWritten);
  order.change({ kind: 'statusRecorded', status: due.status });
  const refunded =
    due.refundMinor > 0 ? await refund(returning, due.refundMinor) : { refundedMinor: 0, transactions: [] };
  const isGivenUp = saga.ledger.stateOf('refundReturn') === 'SKIPPED' && refunded.refundedMinor < due.refundMinor;
  await recordEnd(returning, { state: isGivenUp ? 'UNREFUNDED' : 'REFUNDED', ...refunded });
}

interface Return {
  readonly order: OrderRun;
  readonly opened: OpenReturn;
  readonly saga: Saga<StepOf<'return'>>;
  /** The name of its saga in the ledger. */
  readonly name: string;
}

/** What went back for a return, in minor units, and what of it through the payment service. */
interface Refunded {
  readonly refundedMinor: number;
  readonly transactions: readonly PaymentTransactionRecord[];
}

function newReturn(order: OrderRun, opened: OpenReturn): Return {
  const name = sagaName('return', opened.number);
  const input = goodsOf(order, opened, name);
  const withdrawal = { name: 'withdrawRestock', input, summary: 'take the goods out of stock again' } as const;
  return { order, opened, name, saga: new Saga<StepOf<'return'>>(order, { restockReturn: withdrawal }, name) };
}

function goodsOf(order: OrderRun, { id: returnId, lines }: OpenReturn, saga: string) {
  return { orderId: order.id, saga, returnId, lines };
}

async function restock(returning: Return): Promise<void> {
  const { order, opened, name, saga } = returning;
  const input = goodsOf(order, opened, name);
  try {
    await saga.run({ name: 'restockReturn', input, summary: `restock ${opened.lines.length} line(s)` });
  } catch (error) {
    if (!(error instanceof StepSkipped) && !(error instanceof ApplicationFailure)) throw error;
    await saga.compensate({ commitFirst: false });
    await recordEnd(returning, { state: 'REJECTED', refundedMinor: 0, transactions: [] });
    throw error instanceof StepSkipped ? createRejection(failureTypes.notPossible, error.message) : error;
  }
}

async function refund({ order, opened, name, saga }: Return, amountMinor: number): Promise<Refunded> {
  const { orderId, currency } = order.input;
  const key = `${orderId}:refund:return:${opened.number}`;
  const input = { orderId, saga: name, idempotencyKey: key, amountMinor, currency };
  const summary = `refund ${order.money(amountMinor)}`;
  const money = () => ({ kind: 'REFUND', key, amountMinor }) as const;
  const refunded = await saga.runPivot({ name: 'refundReturn', input, summary, money });
  const inServiceMinor = refunded?.refundedMinor ?? 0;
  const byHandMinor = refunded?.byHandMinor ?? saga.ledger.byHandMinor('refundReturn');
  const { paymentMethod } = order.state;
  const status = 'REFUNDED' as const;
  const transaction = {
    idempotencyKey: key,
    kind: 'REFUND',
    status,
    amountMinor: inServiceMinor,
    currency,
    paymentMethod,
  } as const;
  return { refundedMinor: inServiceMinor + byHandMinor, transactions: inServiceMinor > 0 ? [transaction] : [] };
}

async function recordEnd(
  { order, opened, saga }: Return,
  outcome: {
    readonly state: 'REFUNDED' | 'UNREFUNDED' | 'REJECTED';
  } & Refunded,
): Promise<void> {
  const input = { orderId: order.id, returnId: opened.id, steps: saga.ledger.records, ...outcome };
  const call = { name: 'recordReturn', input, summary: `return ${outcome.state}` } as const;
  const { status } = await runActivity(call, untilWritten);
  order.change({ kind: 'statusRecorded', status });
}
