import { directActor, UNNAMED_ACTOR } from '../../domain/direct-command.ts';
import { ORDER_UPDATED } from '../../domain/order-event.ts';
import { RECONCILER_ACTOR } from '../../domain/order.ts';
import { lockOrder } from '../../repositories/lock-order.ts';
import type { Db } from '../../repositories/schema.ts';
import { findChange, writeChange } from '../../repositories/write-change.ts';
import type { Ending } from './read-ending.ts';

/** Writes into an order's history who ended its workflow and why, and that the reconciler takes the order over. Repeatable. */
export async function recordResumption(
  db: Db,
  orderId: string,
  { ending, what }: { readonly ending: Ending | undefined; readonly what: string },
): Promise<void> {
  const runId = ending?.runId ?? 'none';
  await db.transaction().execute(async (transaction) => {
    await lockOrder(transaction, orderId);
    const resumed = { orderId, key: `resumed:${runId}`, event: ORDER_UPDATED } as const;
    if (await findChange(transaction, orderId, resumed.key)) return;
    if (ending?.how === 'TERMINATED') {
      const actor = ending.actor === undefined ? UNNAMED_ACTOR : directActor(ending.actor);
      const reason = ending.reason ?? null;
      const terminated = { kind: 'TERMINATED', more: { change: 'TERMINATED' } } as const;
      await writeChange(transaction, { ...resumed, ...terminated, key: `terminated:${runId}`, actor, reason });
    }
    const by = { actor: RECONCILER_ACTOR, reason: what };
    await writeChange(transaction, { ...resumed, ...by, kind: 'RESUMED', more: { change: 'RESUMED' } });
  });
}
