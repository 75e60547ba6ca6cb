import { uuidv7 } from 'uuidv7';
import type { Caller } from '../domain/caller.ts';
import type { Import, ImportKind } from '../domain/import.ts';
import { Refusal } from '../domain/refusal.ts';
import { findImport, findKeyedImport } from '../repositories/import-repository.ts';
import { KeyTakenError, type NewImport } from '../repositories/import-uploads.ts';
import type { Db } from '../repositories/schema.ts';

/** A new import of this caller, to be registered under `key` if there is one. */
export function newImport(kind: ImportKind, caller: Caller, key: string | undefined, fileName?: string): NewImport {
  const { subject, roles, actor } = caller;
  return { id: uuidv7(), kind, subject, roles, actor, idempotencyKey: key ?? null, fileName: fileName ?? null };
}

/** The import that this process has just registered. */
export async function findRegistered(db: Db, id: string): Promise<Import> {
  const job = await findImport(db, id);
  if (!job) throw new Error('the import is gone');
  return job;
}

/**
 * The import that a concurrent request registered first under the same key, when that is why registering `upload` failed with `error`;
 * throws `error` otherwise, and IDEMPOTENCY_KEY_REUSED when the earlier request was another one.
 */
export async function returnEarlier(
  db: Db,
  { subject, idempotencyKey: key }: NewImport,
  { error, hash }: { readonly error: unknown; readonly hash: string },
): Promise<Import> {
  if (!(error instanceof KeyTakenError) || key === null) throw error;
  const job = await findKeyedImport(db, subject, key);
  if (!job) throw new Error('an idempotency key is taken but has no import');
  return requireSameRequest(job, hash);
}

/** The import if it was made by the same request; otherwise throws IDEMPOTENCY_KEY_REUSED. */
export function requireSameRequest(job: Import, hash: string): Import {
  if (job.bodyHash === hash) return job;
  throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'The same Idempotency-Key came with another import before.', {
    details: [{ header: 'Idempotency-Key', message: 'was used for another request' }],
  });
}
