import { ApplicationFailure, patched } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { AmendItemsCommand, ChangeStatusCommand } from '../src/domain/messages.ts';
import type { Tracking } from '../src/domain/order.ts';
import { allowedAfter, canTransition, isCancellable, type OrderStatus } from '../src/domain/order-status.ts';
import type { Activities } from '../activities/index.ts';
import { untilWritten } from './activity-options.ts';
import { amendItems } from './amend-items.ts';
import { cancelOrder } from './cancel-order.ts';
import type { Entry } from './inbox.ts';
import type { Order } from './order.ts';
import { recordStatus } from './record-status.ts';
import { refuse } from './refuse.ts';
import { returnItems, settleReturn } from './return-items.ts';
import { runRegular } from './run-activity.ts';
import type { Saga } from './saga.ts';
import { mayStartAfresh, startAfresh } from './start-afresh.ts';
import { untilRecorded } from './until-recorded.ts';

/** Takes commands one after the other until the order is final: cancelled, refunded, or delivered with its return window over. */
export async function fulfilOrder(order: Order, saga: Saga): Promise<void> {
  for (const opened of order.input.takeUp?.returns ?? []) await settleReturn(order, opened);
  let returnsEnd = order.input.takeUp?.returnsEndMs;
  while (!isFinal(order.status)) {
    if (order.status === 'DELIVERED') returnsEnd ??= Date.now() + order.input.returnWindowMs;
    const entry = await order.inbox.next(() => true, returnsEnd && returnsEnd - Date.now(), mayStartAfresh(order));
    if (!entry && mayStartAfresh(order)()) return startAfresh(order, returnsEnd);
    if (!entry) return;
    await obey(order, saga, entry);
  }
}

async function obey(order: Order, saga: Saga, entry: Entry): Promise<void> {
  // It was allowed when it was accepted; another command may have come first.
  const refused = refusalOf(order, entry);
  if (refused) {
    entry.reject(refused);
    return;
  }
  try {
    await follow(order, saga, entry);
    entry.resolve({ status: order.status });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    entry.reject(error);
  }
}

/** Throws the `ApplicationFailure` that its sender is told of when it can't be followed. */
async function follow(order: Order, saga: Saga, entry: Entry): Promise<void> {
  const { actor, reason } = entry.command;
  switch (entry.name) {
    case 'cancelOrder': {
      // A message that comes while the order is given back must not be followed first, should this task be lost half-way.
      if (patched('cancellation-recorded-first')) await untilRecorded(entry.name, entry.command);
      await cancelOrder(order, saga, { actor, reason: reason || 'cancelled' });
      // After a reset the projection may know better than we did: then nothing was cancelled.
      if (order.status === 'CANCELLED') return;
      // An order that could be cancelled and is not has been shipped in part.
      if (isCancellable(order.status)) order.isPartlyShipped = true;
      throw refusalOf(order, entry) ?? goodsHaveLeft();
    }
    case 'changeStatus': {
      await changeStatus(order, entry.command as ChangeStatusCommand);
      // An attempt at this task that was lost had cancelled the order: then nothing was changed.
      const tooLate = order.status === 'CANCELLED' ? refusalOf(order, entry) : undefined;
      if (tooLate) throw tooLate;
      return;
    }
    case 'amendItems':
      return amendItems(order, entry.command as AmendItemsCommand);
    case 'returnItems':
      return returnItems(order, entry.command);
    case 'retryPayment':
    case 'resolveStep':
      throw refuse(failureTypes.invalidCommand, 'nothing of this order waits for it');
    default:
      return entry.name satisfies never;
  }
}

function goodsHaveLeft(): ApplicationFailure {
  return refuse(failureTypes.tooLateToCancel, 'a part of the order has been shipped');
}

async function changeStatus(order: Order, command: ChangeStatusCommand): Promise<void> {
  const { status: to, actor, reason, carrier, tracking_number, command_id, items } = command;
  const key = `command:${command_id}`;
  const tracking =
    carrier !== undefined || tracking_number !== undefined
      ? { carrier: carrier ?? null, number: tracking_number ?? null }
      : undefined;
  if (items && !(await isLastShipment(order, { key, items, tracking, actor, reason }))) return;
  await recordStatus(order, { to, key, actor, reason, tracking, sagaState: 'COMPLETED' });
}

type Shipment = Parameters<Activities['recordShipment']>[0];

/** Sends a part of the goods, unless it is all that is left: then the order as a whole is shipped. */
async function isLastShipment(
  order: Order,
  { items, tracking, ...by }: Omit<Shipment, 'orderId' | 'tracking'> & { tracking: Tracking | undefined },
): Promise<boolean> {
  const input = { orderId: order.id, items, tracking: tracking ?? { carrier: null, number: null }, ...by };
  const call = { name: 'recordShipment', input, summary: `ship ${items.length} line(s)` } as const;
  // Not on the fast path: what has left must not be forgotten with a lost task, after which a cancellation may come first.
  const { isLast } = await runRegular(call, untilWritten);
  if (!isLast) order.isPartlyShipped = true;
  return isLast;
}

function isFinal(status: OrderStatus): boolean {
  return allowedAfter(status).length === 0;
}

/** Why a command can't be followed where the order stands; `undefined` when it can. */
export function refusalOf(
  order: Pick<Order, 'status' | 'isPartlyShipped' | 'isShort'>,
  { name, command }: Pick<Entry, 'name' | 'command'>,
): ApplicationFailure | undefined {
  const { status, isPartlyShipped } = order;
  switch (name) {
    case 'cancelOrder':
      if (isPartlyShipped) return goodsHaveLeft();
      return isCancellable(status)
        ? undefined
        : refuse(failureTypes.tooLateToCancel, `the order is ${status} and can't be cancelled any more`);
    case 'changeStatus': {
      const to = (command as ChangeStatusCommand).status;
      return canTransition(status, to) ? undefined : refuse(failureTypes.transitionNotAllowed, explain(status, to));
    }
    case 'retryPayment':
      return status === 'PAYMENT_FAILED'
        ? undefined
        : refuse(failureTypes.transitionNotAllowed, `the order is ${status}: no payment is open`);
    case 'amendItems':
      return amendmentRefusal(order);
    case 'returnItems':
      // RETURNED may be what an attempt at this task that was lost has made of it by this very return: `openReturn` knows.
      return status === 'DELIVERED' || status === 'RETURNED'
        ? undefined
        : refuse(failureTypes.transitionNotAllowed, `the order is ${status}: only delivered goods can be returned`);
    case 'resolveStep':
      return refuse(failureTypes.invalidCommand, 'no step of this order needs attention');
    default:
      return name satisfies never;
  }
}

function amendmentRefusal({ status, isPartlyShipped, isShort }: Pick<Order, 'status' | 'isPartlyShipped' | 'isShort'>) {
  if (isPartlyShipped) return refuse(failureTypes.transitionNotAllowed, 'a part of the order has been shipped');
  if (isShort || status === 'CONFIRMED' || status === 'PROCESSING') return undefined;
  return refuse(failureTypes.transitionNotAllowed, `the order is ${status} and can't be amended`);
}

function explain(from: OrderStatus, to: OrderStatus): string {
  const allowed = allowedAfter(from);
  return `${from} → ${to} is not allowed; from ${from} the order may go to ${allowed.join(', ') || 'nothing else'}`;
}
