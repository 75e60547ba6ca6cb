import type { Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { hashRequest } from '../orders/idempotency.ts';
import { findKeyedImport } from '../repositories/import-repository.ts';
import { appendOrders, beginUpload, registerImport } from '../repositories/import-uploads.ts';
import type { Db } from '../repositories/schema.ts';
import type { ImportDependencies } from './dependencies.ts';
import { findRegistered, newImport, requireSameRequest, returnEarlier } from './keyed-import.ts';
import { startRegisteredImport } from './start-import.ts';

/** An order of a batch as it was sent, with the caller's own name for it. */
export type BatchedOrder = Readonly<Record<string, unknown>> & { readonly order_reference?: string | undefined };

/**
 * Registers orders as an import, unchecked, and starts it. The same orders under the same key are the earlier import.
 * Throws IDEMPOTENCY_KEY_REUSED.
 */
export async function uploadBatch(
  dependencies: Pick<ImportDependencies, 'db' | 'commands' | 'logger'>,
  caller: Caller,
  orders: readonly BatchedOrder[],
  key: string | undefined,
): Promise<Import> {
  const { db } = dependencies;
  const hash = hashRequest(orders);
  const earlier = key === undefined ? undefined : await findKeyedImport(db, caller.subject, key);
  const job = earlier ? requireSameRequest(earlier, hash) : await registerBatch(db, caller, { orders, key, hash });
  startRegisteredImport(dependencies, job);
  return job;
}

async function registerBatch(
  db: Db,
  caller: Caller,
  { orders, key, hash }: { orders: readonly BatchedOrder[]; key: string | undefined; hash: string },
): Promise<Import> {
  const batch = newImport('batch', caller, key);
  const rows = orders.map(({ order_reference: reference = '', ...body }) => ({ reference, body }));
  try {
    await db.transaction().execute(async (transaction) => {
      await beginUpload(transaction, batch);
      await appendOrders(transaction, batch.id, rows);
      await registerImport(transaction, batch.id, { bodyHash: hash, format: null });
    });
  } catch (error) {
    return returnEarlier(db, batch, { error, hash });
  }
  return findRegistered(db, batch.id);
}
