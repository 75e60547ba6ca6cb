import type { Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { hashRequest } from '../orders/idempotency.ts';
import { findKeyedImport } from '../repositories/import-repository.ts';
import { appendOrders, beginUpload, KeyTakenError, registerImport } from '../repositories/import-uploads.ts';
import type { Db } from '../repositories/schema.ts';
import { newImport, registered, sameImport, winner } from './upload.ts';

/** An order of a batch, unchecked but for its reference. */
export interface BatchOrder {
  readonly order_reference?: string | undefined;
  readonly [field: string]: unknown;
}

/** Registers orders as an import, all or none; the same batch under the same key is the import that it was before. */
export async function registerBatch(
  db: Db,
  caller: Caller,
  orders: readonly BatchOrder[],
  key: string | undefined,
): Promise<Import> {
  const hash = hashRequest(orders);
  const known = key === undefined ? undefined : await findKeyedImport(db, caller.subject, key);
  if (known) return sameImport(known, hash);
  const batch = newImport('batch', caller, key);
  try {
    await db.transaction().execute(async (transaction) => {
      await beginUpload(transaction, batch);
      await appendOrders(
        transaction,
        batch.id,
        orders.map(({ order_reference: reference = '', ...body }) => ({ reference, body })),
      );
      await registerImport(transaction, batch.id, { bodyHash: hash, format: null });
    });
  } catch (error) {
    if (!(error instanceof KeyTakenError) || key === undefined) throw error;
    return winner(db, caller, key, hash);
  }
  return registered(db, batch.id);
}
