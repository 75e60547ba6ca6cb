import { uuidv7 } from 'uuidv7';
import type { Caller } from '../domain/caller.ts';
import type { Resolution } from '../domain/messages.ts';
import { keyReused } from '../domain/refusal.ts';
import type { ParkedFilter, ParkedGroup, ParkedStep, SagaResolution } from '../domain/saga-resolution.ts';
import type { Logger } from '../logger.ts';
import { countParkedSteps, findParkedSteps } from '../repositories/parked-steps.ts';
import { findKeyedResolution, findResolution, insertResolution } from '../repositories/saga-resolutions.ts';
import type { Db } from '../repositories/schema.ts';
import { hashRequest } from './idempotency.ts';

/** What deciding on many parked steps takes. */
export interface ResolutionDependencies {
  readonly db: Db;
  readonly logger: Logger;
  /** Starts the workflow of a registered resolution. Rejects with `TemporalUnavailableError`. */
  readonly startResolution: (resolution: SagaResolution) => Promise<void>;
}

/** One decision on every parked step that the filter finds. */
export interface ResolutionRequest {
  readonly filter: SagaResolution['filter'];
  readonly action: Resolution;
  readonly reason: string;
}

/** What a resolution would be about: the longest parked steps, and all of them by name and currency. */
export interface ResolutionPreview {
  readonly groups: readonly ParkedGroup[];
  readonly steps: readonly ParkedStep[];
}

/** Steps that a preview shows one by one. */
const MAX_SHOWN = 200;

/** Tells what a resolution with this filter would be about now; changes nothing. */
export async function previewResolution(
  db: Db,
  { filter }: Pick<ResolutionRequest, 'filter'>,
): Promise<ResolutionPreview> {
  const parked = toParkedFilter(filter);
  return { groups: await countParkedSteps(db, parked), steps: await findParkedSteps(db, parked, MAX_SHOWN) };
}

/**
 * Registers a resolution with the steps that are parked now and starts its workflow; when that fails, the relay starts it within
 * seconds. The same key brings the same resolution; throws IDEMPOTENCY_KEY_REUSED when it came with another request.
 */
export async function resolveSagas(
  { db, logger, startResolution }: ResolutionDependencies,
  { subject, actor }: Caller,
  request: ResolutionRequest,
  key: string | undefined,
): Promise<SagaResolution> {
  const id = uuidv7();
  const bodyHash = hashRequest(request);
  const resolution = { id, subject, actor, idempotencyKey: key ?? null, bodyHash, ...request };
  const isNew = await insertResolution(db, resolution, toParkedFilter(request.filter));
  const registered = isNew ? await findResolution(db, id) : await findKeyedResolution(db, subject, key ?? '');
  if (!registered) throw new Error('the resolution is gone');
  if (registered.bodyHash !== bodyHash) throw keyReused();
  if (isNew) {
    startResolution(registered).catch((error: unknown) => {
      logger.info({ resolution_id: id, err: error }, 'resolution not started, left to the relay');
    });
  }
  return registered;
}

function toParkedFilter({ order_ids: orderIds, step, error, before }: SagaResolution['filter']): ParkedFilter {
  return { orderIds, step, error, before: before === undefined ? undefined : new Date(before) };
}
