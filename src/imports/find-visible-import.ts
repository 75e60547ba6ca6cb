import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { Refusal } from '../domain/refusal.ts';
import { isUuid } from '../domain/uuid.ts';
import { findImport } from '../repositories/import-repository.ts';
import type { Db } from '../repositories/schema.ts';

/** Who may import, and see what they imported. */
export const importers = priceSetters;

/** The import, if the caller may see it: their own, or any for an administrator. Otherwise throws NOT_FOUND, which doesn't tell why. */
export async function findVisibleImport(db: Db, caller: Caller, id: string): Promise<Import> {
  const job = isUuid(id) ? await findImport(db, id) : undefined;
  if (job && (job.subject === caller.subject || hasRole(caller, ['admin']))) return job;
  throw new Refusal('NOT_FOUND', `There is no import "${id.slice(0, 64)}", or it is not yours.`);
}
