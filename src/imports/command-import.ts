import type { Caller } from '../domain/caller.ts';
import type { Import, ImportCommandName, ImportStatus } from '../domain/import.ts';
import { Refusal } from '../domain/refusal.ts';
import { claimCommandId } from '../orders/idempotency.ts';
import { refuseCommand } from '../orders/refuse-command.ts';
import { findImport } from '../repositories/import-repository.ts';
import type { ImportDependencies } from './dependencies.ts';

/** A command to an import, and the key under which the request may be sent again. */
export interface ImportCommandRequest {
  readonly name: ImportCommandName;
  readonly reason: string | undefined;
  readonly key: string | undefined;
}

/** An import after a command, and whether the command is done; if not, it is accepted and still running. */
export interface ImportCommandOutcome {
  readonly job: Import;
  readonly isDone: boolean;
}

/** Pauses, resumes or cancels an import. Throws ORD005 when the import has ended otherwise, and IDEMPOTENCY_KEY_REUSED. */
export async function commandImport(
  { db, commands, waitMs }: Pick<ImportDependencies, 'db' | 'commands' | 'waitMs'>,
  caller: Caller,
  job: Import,
  { name, reason, key }: ImportCommandRequest,
): Promise<ImportCommandOutcome> {
  const asked = { ...(reason !== undefined && { reason }) };
  const commandId = await claimCommandId(db, caller, { target: job.id, name }, { key, asked });
  refuseEnded(job, statusAfter[name]);
  if (job.completedAt) return { job, isDone: true };
  const command = { actor: caller.actor, reason: reason ?? '', command_id: commandId };
  const isDone = await commands.send(job, name, command, waitMs).catch(refuseCommand);
  return { job: (await findImport(db, job.id)) ?? job, isDone };
}

const statusAfter: Readonly<Record<ImportCommandName, ImportStatus>> = {
  pauseImport: 'PAUSED',
  resumeImport: 'RUNNING',
  cancelImport: 'CANCELLED',
};

/** An import that has ended takes no commands; cancelling a cancelled one changes nothing. */
function refuseEnded({ status }: Import, after: ImportStatus): void {
  if (status !== 'COMPLETED' && (status !== 'CANCELLED' || after === 'CANCELLED')) return;
  throw new Refusal('ORD005', `The import is ${status} and has ended.`, {
    details: [{ from: status, to: after, allowed: [] }],
  });
}
