import type { Caller } from '../domain/caller.ts';
import type { Import } from '../domain/import.ts';
import { Refusal } from '../domain/refusal.ts';
import { findImport, writeAcknowledgement } from '../repositories/import-repository.ts';
import type { Db } from '../repositories/schema.ts';

/** Notes that somebody has seen to what failed of an import; who was first stays. Throws ORD005 while it runs, and where nothing of it failed. */
export async function acknowledgeImport(db: Db, { actor }: Caller, job: Import): Promise<Import> {
  if (!job.completedAt) {
    throw new Refusal('ORD005', 'The import has not ended: more of its orders may fail.', {
      details: [{ status: job.status }],
    });
  }
  if (job.finalProgress?.counts.FAILED === 0) {
    throw new Refusal('ORD005', 'None of its orders failed: there is nothing to acknowledge.', {
      details: [{ status: job.status }],
    });
  }
  await writeAcknowledgement(db, job.id, actor);
  return (await findImport(db, job.id)) ?? job;
}
