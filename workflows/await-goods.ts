import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import { failureTypes, type StockShortage } from '../src/domain/failures.ts';
import type { AmendItemsCommand } from '../src/domain/messages.ts';
import type { OrderFailure } from '../src/domain/order.ts';
import { untilWritten } from './activity-options.ts';
import { amendItems } from './amend-items.ts';
import type { Order } from './order.ts';
import { refuse } from './refuse.ts';
import { runActivity } from './run-activity.ts';

/**
 * Waits until an order whose goods ran out after it was paid has been amended to what there is. Throws `shortage` when nobody
 * has done so before the window closes; a cancellation of the order interrupts it.
 */
export async function awaitAmendment(order: Order, shortage: ApplicationFailure, times: number): Promise<void> {
  const windowMs = order.input.amendWindowMs ?? 0;
  if (windowMs === 0) throw shortage;
  const deadline = Date.now() + windowMs;
  await recordShortage(order, shortage, times, deadline);
  order.isShort = true;
  try {
    for (;;) {
      const offer = await order.inbox.next(({ name }) => name === 'amendItems', deadline - Date.now());
      if (!offer) throw shortage;
      try {
        await amendItems(order, offer.command as AmendItemsCommand);
        offer.resolve({ status: order.status });
        return;
      } catch (error) {
        const cancelled = CancellationScope.current().consideredCancelled;
        offer.reject(error instanceof ApplicationFailure && !cancelled ? error : beingCancelled());
        // Something was changed that could not be completed: the order can't wait on as it was.
        if (cancelled || !(error instanceof ApplicationFailure) || !order.isShort) throw error;
      }
    }
  } finally {
    order.isShort = false;
  }
}

async function recordShortage(order: Order, shortage: ApplicationFailure, times: number, deadline: number) {
  const until = new Date(deadline).toISOString();
  const input = { orderId: order.id, key: `short:${times}`, failure: outOfStock(shortage), until };
  await runActivity({ name: 'recordShortage', input, summary: 'goods ran out' }, untilWritten);
}

/** What the customer is told of goods that are not there. */
export function outOfStock(refusal: ApplicationFailure): OrderFailure {
  const shortages = (refusal.details?.[0] ?? []) as StockShortage[];
  return { code: 'ORD002', message: 'out of stock', details: shortages.map((shortage) => ({ ...shortage })) };
}

function beingCancelled(): ApplicationFailure {
  return refuse(failureTypes.transitionNotAllowed, 'the order is being cancelled');
}
