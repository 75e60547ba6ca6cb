import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { Refusal } from '../domain/refusal.ts';
import { isUuid } from '../domain/uuid.ts';
import { findImport } from '../repositories/import-repository.ts';
import type { Db } from '../repositories/schema.ts';

/** Who may import. */
export const importers = priceSetters;

/** Who may see everybody's imports, and acknowledge what failed of them. */
export const importOverseers = ['operator', 'admin'] as const;

/** Who may see imports, and pause, resume or cancel them. */
export const importViewers = [...importers, ...importOverseers];

/** Whose imports the caller sees: only those of the subject, or all of them. */
export function subjectSeenBy(caller: Caller): string | undefined {
  return hasRole(caller, importOverseers) ? undefined : caller.subject;
}

/** The import, if the caller may see it: their own, or any for operators and administrators. Otherwise throws NOT_FOUND, which doesn't tell why. */
export async function findVisibleImport(db: Db, caller: Caller, id: string): Promise<Import> {
  const job = isUuid(id) ? await findImport(db, id) : undefined;
  if (job && [job.subject, undefined].includes(subjectSeenBy(caller))) return job;
  throw new Refusal('NOT_FOUND', `There is no import "${id.slice(0, 64)}", or it is not yours.`);
}
