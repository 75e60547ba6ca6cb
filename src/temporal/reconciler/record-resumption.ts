import { directActor, UNNAMED_ACTOR } from '../../domain/direct-command.ts';
import { RECONCILER_ACTOR } from '../../domain/order.ts';
import { lockOrder } from '../../repositories/lock-order.ts';
import type { Db } from '../../repositories/schema.ts';
import { findChange, writeSagaChange } from '../../repositories/write-change.ts';
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
    const key = `resumed:${runId}`;
    if (await findChange(transaction, orderId, key)) return;
    if (ending?.how === 'TERMINATED') {
      const actor = ending.actor === undefined ? UNNAMED_ACTOR : directActor(ending.actor);
      const reason = ending.reason ?? null;
      await writeSagaChange(transaction, { orderId, kind: 'TERMINATED', key: `terminated:${runId}`, actor, reason });
    }
    await writeSagaChange(transaction, { orderId, kind: 'RESUMED', key, actor: RECONCILER_ACTOR, reason: what });
  });
}
