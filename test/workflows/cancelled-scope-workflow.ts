import { CancellationScope, isCancellation, sleep, upsertMemo, uuid4 } from '@temporalio/workflow';
import type { CreateOrderInput } from '../../src/domain/messages.ts';
import { createOrderSaga } from '../../workflows/create-order-saga.ts';
import { onFastPath } from '../../workflows/activity-options.ts';
import { OrderRun } from '../../workflows/order-run.ts';
import { tryActivity } from '../../workflows/run-activity.ts';

/** Compensates an order from within a scope that has been cancelled; says how that went. */
export async function compensateCancelled(input: CreateOrderInput): Promise<string> {
  const saga = createOrderSaga(new OrderRun(input));
  const scope = new CancellationScope({ cancellable: true });
  scope.cancel();
  return scope
    .run(() => saga.compensate({ commitFirst: false }))
    .then(
      () => 'compensated',
      (error: unknown) => `not compensated: ${String(error)}`,
    );
}

/**
 * Tries to reserve an order's goods in a scope that is cancelled meanwhile, and those of another order in one that was cancelled before; says
 * what came of each, and the other order's id.
 */
export async function tryInCancelled({ orderId, lines }: CreateOrderInput): Promise<string[]> {
  const reserve = (id: string) => {
    const input = { orderId: id, lines, ttlMs: 60_000 };
    return tryActivity({ name: 'reserveInventory', input, summary: 'reserve' }, onFastPath).then(
      () => 'reserved',
      (error: unknown) => (isCancellation(error) ? 'cancelled' : `failed: ${String(error)}`),
    );
  };
  const scope = new CancellationScope({ cancellable: true });
  const during = scope.run(() => reserve(orderId));
  scope.cancel();
  const never = uuid4();
  return [await during, await scope.run(() => reserve(never)), never];
}

/**
 * Tries to reserve an order's goods, which takes a while, and beside it something that does not; each goes on in another way as soon as it has
 * ended, and the one that ends first takes longer to do so.
 */
export async function tryTwoAtOnce({ orderId, lines }: CreateOrderInput): Promise<void> {
  const input = { orderId, lines, ttlMs: 60_000 };
  const slow = async () => {
    await tryActivity({ name: 'reserveInventory', input, summary: 'reserve' }, onFastPath);
    upsertMemo({ is_reserved: true });
  };
  await Promise.all([slow(), tryQuickly()]);
}

async function tryQuickly(): Promise<void> {
  const input = { orderId: uuid4() };
  await tryActivity({ name: 'releaseInventoryIfReserved', input, summary: 'release' }, onFastPath);
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  await sleep(1);
}
