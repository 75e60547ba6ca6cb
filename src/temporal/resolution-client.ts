import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import { RESOLVE_SAGAS, resolutionWorkflowId, type SagaResolution } from '../domain/saga-resolution.ts';
import type { ResolveSagasInput } from '../domain/saga-resolution.ts';
import type { Db } from '../repositories/schema.ts';
import {
  claimResolutionsToStart,
  completeResolution,
  findOpenResolutions,
  leaveRest,
  markResolutionStarted,
} from '../repositories/saga-resolutions.ts';
import { callWithin, requireConnection, START_DEADLINE_MS, toUnavailableError } from './call-temporal.ts';
import type { TemporalConnection, TemporalConnector } from './connection.ts';
import type { StartDependencies } from './start-dependencies.ts';

/** Starts a registered resolution's workflow through Temporal. Rejects with `TemporalUnavailableError`. */
export function createResolutionStart(
  connector: TemporalConnector,
  db: Db,
  config: SagaConfig,
): (resolution: SagaResolution) => Promise<void> {
  return async (resolution) => {
    const temporal = requireConnection(connector);
    try {
      await callWithin(temporal, START_DEADLINE_MS, () => startResolution(temporal, resolution, config));
    } catch (error) {
      throw toUnavailableError(error);
    }
    await markResolutionStarted(db, resolution.id);
  };
}

/** Starts resolutions that are registered and not started, since Temporal was unavailable or the API died. */
export async function relayResolutions({ db, temporal, config, logger }: StartDependencies): Promise<void> {
  for (const resolution of await claimResolutionsToStart(db)) {
    try {
      await startResolution(temporal, resolution, config);
      await markResolutionStarted(db, resolution.id);
    } catch (error) {
      logger.warn({ err: error, resolution_id: resolution.id }, 'resolution not started');
    }
  }
}

/**
 * Ends resolutions whose workflow was ended by force: what they have not decided stays as it is, and their report says so. One whose
 * workflow is missing, lost with Temporal's data, starts over: each decision acts once.
 */
export async function reconcileResolutions({ db, temporal, config, logger }: StartDependencies): Promise<void> {
  for (const resolution of await findOpenResolutions(db)) {
    try {
      const state = await findWorkflowState(temporal, resolution.id);
      if (state === 'missing') await startResolution(temporal, resolution, config);
      if (state !== 'ended') continue;
      await leaveRest(db, resolution.id, 'the workflow of the resolution was ended by force');
      await completeResolution(db, resolution.id);
      logger.warn({ resolution_id: resolution.id }, 'resolution ended, since its workflow was');
    } catch (error) {
      logger.warn({ err: error, resolution_id: resolution.id }, 'resolution not reconciled');
    }
  }
}

async function findWorkflowState({ client }: TemporalConnection, id: string): Promise<'running' | 'ended' | 'missing'> {
  try {
    const { status } = await client.workflow.getHandle(resolutionWorkflowId(id)).describe();
    return ['TERMINATED', 'TIMED_OUT', 'FAILED'].includes(status.name) ? 'ended' : 'running';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    throw error;
  }
}

/** Once per resolution for ever: starting one that runs or has ended does nothing. */
async function startResolution(
  { client }: TemporalConnection,
  { id, action, filter, actor, reason }: SagaResolution,
  { temporal: { taskQueue }, starts }: SagaConfig,
): Promise<void> {
  const input: ResolveSagasInput = { resolutionId: id };
  try {
    await client.workflow.start(RESOLVE_SAGAS, {
      workflowId: resolutionWorkflowId(id),
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      // A dead worker is noticed after this time; a task takes milliseconds.
      workflowTaskTimeout: starts.taskTimeoutMs,
      staticSummary: `${action} ${filter.step ?? 'parked steps'}`,
      staticDetails: `\`${action}\` of parked steps by \`${actor}\`: ${reason}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
