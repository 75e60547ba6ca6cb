import { ApplicationFailure } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { ReturnItemsCommand } from '../src/domain/messages.ts';
import type { OpenReturn } from '../src/domain/order-return.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { sagaName } from '../src/domain/saga.ts';
import { isUuid } from '../src/domain/uuid.ts';
import { untilWritten } from './activity-options.ts';
import type { Order } from './order.ts';
import { refuse } from './refuse.ts';
import { runActivity } from './run-activity.ts';
import { Saga, StepSkipped } from './saga.ts';

/** Takes delivered goods back and refunds them; throws the `ApplicationFailure` that says why it can't be. */
export async function returnItems(order: Order, command: ReturnItemsCommand): Promise<void> {
  const { return_id: id = idOf(command), items = [], actor, reason } = command;
  const input = { id, orderId: order.id, items, actor, reason: reason || 'no reason given' };
  const opened = await runActivity({ name: 'openReturn', input, summary: `return by ${actor}` }, untilWritten);
  await settleReturn(order, opened);
}

/** A return that is asked for by a signal has no id of its own: the command's, in the form of one, finds it again. */
function idOf({ command_id: id }: ReturnItemsCommand): string {
  if (isUuid(id)) return id;
  throw refuse(failureTypes.invalidCommand, '"command_id" must be a UUID, or be left out');
}

/** Puts the goods back into stock, then refunds them. Once they are back it is carried through. */
export async function settleReturn(order: Order, opened: OpenReturn): Promise<void> {
  const saga = new Saga(order, sagaName('return', opened.number));
  if (!opened.isRestocked) await restock(order, saga, opened);
  const record = { orderId: order.id, returnId: opened.id, steps: saga.records };
  const due = await runActivity({ name: 'recordRestock', input: record, summary: 'goods are back' }, untilWritten);
  order.moveTo(due.status);
  const refunded = due.refundMinor > 0 ? await refund(order, saga, opened, due.refundMinor) : undefined;
  await end(order, saga, opened, {
    state: saga.wasSkipped('refundReturn') ? 'UNREFUNDED' : 'REFUNDED',
    transactions: refunded ? [refunded] : [],
  });
}

async function restock(order: Order, saga: Saga, { id, lines }: OpenReturn): Promise<void> {
  const input = { orderId: order.id, saga: saga.name ?? '', returnId: id, lines };
  saga.undoBy({ name: 'withdrawRestock', input, summary: 'take the goods out of stock again' });
  try {
    await saga.step({ name: 'restockReturn', input, summary: `restock ${lines.length} line(s)` });
  } catch (error) {
    if (!(error instanceof StepSkipped) && !(error instanceof ApplicationFailure)) throw error;
    await saga.compensate();
    await end(order, saga, { id }, { state: 'REJECTED', transactions: [] });
    throw error instanceof StepSkipped ? refuse(failureTypes.notPossible, error.message) : error;
  }
}

async function refund(
  order: Order,
  saga: Saga,
  { number }: OpenReturn,
  amountMinor: number,
): Promise<PaymentTransactionRecord | undefined> {
  const { orderId, currency } = order.input;
  const idempotencyKey = `${orderId}:refund:return:${number}`;
  const input = { orderId, saga: saga.name ?? '', idempotencyKey, amountMinor, currency };
  await saga.irrevocably({ name: 'refundReturn', input, summary: `refund ${order.money(amountMinor)}` });
  if (saga.wasSkipped('refundReturn')) return undefined;
  const { paymentMethod } = order;
  return { idempotencyKey, kind: 'REFUND', status: 'REFUNDED', amountMinor, currency, paymentMethod };
}

async function end(
  order: Order,
  saga: Saga,
  { id }: Pick<OpenReturn, 'id'>,
  outcome: {
    readonly state: 'REFUNDED' | 'UNREFUNDED' | 'REJECTED';
    readonly transactions: PaymentTransactionRecord[];
  },
): Promise<void> {
  const input = { orderId: order.id, returnId: id, steps: saga.records, ...outcome };
  const call = { name: 'recordReturn', input, summary: `return ${outcome.state}` } as const;
  order.moveTo((await runActivity(call, untilWritten)).status);
}
