import type { Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { findKeyedImport } from '../repositories/import-repository.ts';
import { appendOrders, beginUpload, registerImport } from '../repositories/import-uploads.ts';
import type { Db } from '../repositories/schema.ts';
import type { ImportDependencies } from './dependencies.ts';
import { findRegistered, newImport, requireSameRequest, returnEarlier } from './keyed-import.ts';
import type { Batch } from './read-batch.ts';
import { startRegisteredImport } from './start-import.ts';

/** Characters written with one statement: some milliseconds' work for both sides. */
const CHARACTERS_AT_ONCE = 1_000_000;

/**
 * Registers orders as an import, unchecked, and starts it. The same orders under the same key are the earlier import.
 * Throws IDEMPOTENCY_KEY_REUSED.
 */
export async function uploadBatch(
  dependencies: Pick<ImportDependencies, 'db' | 'commands' | 'logger'>,
  caller: Caller,
  batch: Batch,
  key: string | undefined,
): Promise<Import> {
  const { db } = dependencies;
  const earlier = key === undefined ? undefined : await findKeyedImport(db, caller.subject, key);
  const job = earlier ? requireSameRequest(earlier, batch.hash) : await registerBatch(db, caller, batch, key);
  startRegisteredImport(dependencies, job);
  return job;
}

async function registerBatch(
  db: Db,
  caller: Caller,
  { orders, hash }: Batch,
  key: string | undefined,
): Promise<Import> {
  const batch = newImport('batch', caller, key);
  try {
    await db.transaction().execute(async (transaction) => {
      await beginUpload(transaction, batch);
      await appendAll(transaction, batch.id, orders);
      await registerImport(transaction, batch.id, { bodyHash: hash, format: null });
    });
  } catch (error) {
    return returnEarlier(db, batch, { error, hash });
  }
  return findRegistered(db, batch.id);
}

async function appendAll(db: Db, importId: string, orders: Batch['orders']): Promise<void> {
  let first = 0;
  let characters = 0;
  for (const [index, { json }] of orders.entries()) {
    characters += json.length;
    const next = index + 1;
    if (characters < CHARACTERS_AT_ONCE && next < orders.length) continue;
    await appendOrders(db, importId, orders.slice(first, next), first);
    [first, characters] = [next, 0];
  }
}
