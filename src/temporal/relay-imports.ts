import { WorkflowNotFoundError } from '@temporalio/client';
import { importWorkflowId, type Import } from '../domain/import.ts';
import { claimOpenImports, markImportStarted } from '../repositories/import-repository.ts';
import { discardUpload, findAbandonedUploads } from '../repositories/import-uploads.ts';
import type { Engine } from './connection.ts';
import { startImport, resumeImport } from './import-client.ts';
import type { RelayDependencies } from './relay.ts';

/** An import that was registered just now is left to the process that registered it. */
const START_AFTER_SECONDS = 4;

/** How often an open import is compared with its workflow: as often as the reconciler runs. */
const LOOK_AFTER_SECONDS = 60;

/** Starts imports that are registered and not started: Temporal was away, or the API died in between. */
export async function relayImports({ db, engine, config, logger }: Omit<RelayDependencies, 'pace'>): Promise<void> {
  for (const job of await claimOpenImports(db, { started: false, seconds: START_AFTER_SECONDS })) {
    try {
      await startImport(engine, job, config);
      await markImportStarted(db, job.id);
    } catch (error) {
      logger.warn({ err: error, import_id: job.id }, 'import not started');
    }
  }
}

/** Takes up imports whose workflow was ended by force or is gone, and removes what uploads left behind that were cut off. */
export async function reconcileImports(dependencies: Omit<RelayDependencies, 'pace'>): Promise<void> {
  const { db, logger } = dependencies;
  for (const id of await findAbandonedUploads(db)) await discardUpload(db, id);
  for (const job of await claimOpenImports(db, { started: true, seconds: LOOK_AFTER_SECONDS })) {
    try {
      await reconcileImport(dependencies, job);
    } catch (error) {
      logger.warn({ err: error, import_id: job.id }, 'import not reconciled');
    }
  }
}

async function reconcileImport(
  { engine, config, logger }: Omit<RelayDependencies, 'pace'>,
  job: Import,
): Promise<void> {
  const state = await workflowState(engine, job.id);
  if (state === 'alive') return;
  // One that is gone, with its engine's memory, goes on: each range finds out what is left of it. One that was ended by force is given up.
  if (state === 'missing') await startImport(engine, job, config);
  else await resumeImport(engine, job, config);
  logger.warn({ import_id: job.id, workflow: state }, 'import taken up');
}

async function workflowState({ client }: Engine, importId: string): Promise<'alive' | 'missing' | 'killed'> {
  try {
    const { status } = await client.workflow.getHandle(importWorkflowId(importId)).describe();
    return ['TERMINATED', 'TIMED_OUT', 'FAILED'].includes(status.name) ? 'killed' : 'alive';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    throw error;
  }
}
