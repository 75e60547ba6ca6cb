import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import { failureTypes, type StockShortage } from '../src/domain/failures.ts';
import type { OrderCommand } from '../src/domain/messages.ts';
import type { OrderFailure } from '../src/domain/order.ts';
import { untilWritten } from './activity-options.ts';
import { amendItems } from './amend-items.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { createRejection } from './create-rejection.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity } from './run-activity.ts';

/**
 * Keeps an order whose goods ran out after it was paid as a backorder, until it has been amended to what is in stock. Throws
 * `shortage` when nobody amends it before the window closes; a cancellation of the order interrupts it.
 */
export async function awaitAmendment(
  order: OrderRun,
  saga: CreateOrderSaga,
  shortage: ApplicationFailure,
  attempt: number,
): Promise<void> {
  const windowMs = order.input.amendWindowMs;
  if (windowMs === 0) throw shortage;
  const deadline = Date.now() + windowMs;
  await recordShortage(order, saga, { shortage, attempt, deadline });
  order.change({ kind: 'backordered' });
  try {
    for (;;) {
      const offer = await order.commands.next(isAmendItems, { timeoutMs: deadline - Date.now() });
      if (!offer) throw shortage;
      try {
        await amendItems(order, offer.command.input);
        offer.resolve({ status: order.status });
        return;
      } catch (error) {
        const isCancelled = CancellationScope.current().consideredCancelled;
        offer.reject(error instanceof ApplicationFailure && !isCancelled ? error : beingCancelled());
        // Something was changed that could not be completed: the order can't wait on as it was.
        if (isCancelled || !(error instanceof ApplicationFailure) || !order.state.isBackordered) throw error;
      }
    }
  } finally {
    order.change({ kind: 'backorderEnded' });
  }
}

function isAmendItems(command: OrderCommand): command is Extract<OrderCommand, { name: 'amendItems' }> {
  return command.name === 'amendItems';
}

async function recordShortage(
  order: OrderRun,
  { progress }: CreateOrderSaga,
  { shortage, attempt, deadline }: { shortage: ApplicationFailure; attempt: number; deadline: number },
): Promise<void> {
  const until = new Date(deadline).toISOString();
  const { charges: transactions } = order.state;
  const known = { orderId: order.id, key: `short:${attempt}`, failure: describeShortage(shortage) };
  const input = { ...known, until, progress, transactions };
  await runActivity({ name: 'recordShortage', input, summary: 'out of stock' }, untilWritten);
}

/** What the customer is told of goods that are out of stock. */
export function describeShortage(refusal: ApplicationFailure): OrderFailure {
  const shortages = (refusal.details?.[0] ?? []) as StockShortage[];
  return { code: 'ORD002', message: 'out of stock', details: shortages.map((shortage) => ({ ...shortage })) };
}

function beingCancelled(): ApplicationFailure {
  return createRejection(failureTypes.transitionNotAllowed, 'the order is being cancelled');
}
