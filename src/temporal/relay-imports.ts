import { WorkflowNotFoundError } from '@temporalio/client';
import { importWorkflowId, type Import } from '../domain/import.ts';
import { claimOpenImports, markImportStarted, readProgress } from '../repositories/import-repository.ts';
import { findImportsPastRetention, removeImportRows } from '../repositories/import-retention.ts';
import { discardUpload, findAbandonedUploads } from '../repositories/import-uploads.ts';
import type { TemporalConnection } from './connection.ts';
import { countFailedAttempts, findTaskFailure } from './failing-tasks.ts';
import { startImport, resumeImport } from './import-client.ts';
import type { StartDependencies } from './start-dependencies.ts';

/** An import is left to the process that registered it for this time. */
const START_AFTER_SECONDS = 4;

/** Time between two comparisons of an open import with its workflow: as often as the reconciler runs. */
const LOOK_AFTER_SECONDS = 60;

/** Starts imports that are registered and not started, since Temporal was unavailable or the API died. */
export async function relayImports({ db, temporal, config, logger }: StartDependencies): Promise<void> {
  for (const job of await claimOpenImports(db, { started: false, seconds: START_AFTER_SECONDS })) {
    try {
      await startImport(temporal, job, config);
      await markImportStarted(db, job.id);
    } catch (error) {
      logger.warn({ err: error, import_id: job.id }, 'import not started');
    }
  }
}

/**
 * Resumes imports whose workflow was ended by force or is missing, removes uploads that were cut off, and the rows of imports that
 * ended longer ago than they are kept.
 */
export async function reconcileImports(dependencies: StartDependencies): Promise<void> {
  const { db, config, logger } = dependencies;
  for (const id of await findAbandonedUploads(db)) await discardUpload(db, id);
  for (const id of await findImportsPastRetention(db, config.imports.retentionMs)) {
    await removeImportRows(db, id, await readProgress(db, { id, finalProgress: null }));
    logger.info({ import_id: id }, 'rows of an ended import removed');
  }
  for (const job of await claimOpenImports(db, { started: true, seconds: LOOK_AFTER_SECONDS })) {
    try {
      await reconcileImport(dependencies, job);
    } catch (error) {
      logger.warn({ err: error, import_id: job.id }, 'import not reconciled');
    }
  }
}

async function reconcileImport({ temporal, config, logger }: StartDependencies, job: Import): Promise<void> {
  const state = await workflowState(temporal, job.id);
  if (state === 'alive') return;
  if (state === 'failing') {
    const why = await findTaskFailure(temporal.client, importWorkflowId(job.id));
    logger.error({ import_id: job.id, reason: why }, 'the workflow tasks of an import fail');
    return;
  }
  // A missing workflow, lost with Temporal's data, starts over: each range finds out what is left of it. One ended by force gives up.
  if (state === 'missing') await startImport(temporal, job, config);
  else await resumeImport(temporal, job, config);
  logger.warn({ import_id: job.id, workflow: state }, 'import resumed');
}

async function workflowState(
  { client }: TemporalConnection,
  importId: string,
): Promise<'alive' | 'failing' | 'missing' | 'killed'> {
  try {
    const described = await client.workflow.getHandle(importWorkflowId(importId)).describe();
    if (countFailedAttempts(described) !== undefined) return 'failing';
    return ['TERMINATED', 'TIMED_OUT', 'FAILED'].includes(described.status.name) ? 'killed' : 'alive';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    throw error;
  }
}
