import type { ResolvedCounts } from '../src/domain/saga-resolution.ts';
import { decideParkedSteps, type DecisionDependencies } from '../src/orders/decide-parked-steps.ts';
import { completeResolution, countDecisions, findResolution, leaveRest } from '../src/repositories/saga-resolutions.ts';
import { throwActivityFailure } from './failures.ts';
import { startHeartbeat } from './heartbeat.ts';

/** Steps that one activity decides on: a few seconds of work. */
const PAGE = 100;

/** Which resolution an activity works on. */
export interface OfResolution {
  readonly resolutionId: string;
}

/** Deciding on many parked steps at once. */
export function sagaResolutionActivities(dependencies: DecisionDependencies) {
  const { db } = dependencies;
  return {
    /**
     * Decides on the next page of a resolution's steps and returns how many are in which state. Key of a decision: the resolution and
     * the step's position, so that one that is sent twice acts once. No compensation: a decision is an operator's.
     */
    decideParkedPage: async ({
      resolutionId,
      limit = PAGE,
    }: OfResolution & { readonly limit?: number | undefined }): Promise<ResolvedCounts> => {
      const stopHeartbeat = startHeartbeat();
      try {
        const resolution = await findResolution(db, resolutionId);
        if (!resolution) throw new Error('there is no such resolution');
        await decideParkedSteps(dependencies, resolution, limit);
        return await countDecisions(db, resolutionId);
      } catch (error) {
        return throwActivityFailure(error);
      } finally {
        stopHeartbeat();
      }
    },

    /** Leaves everything as it is that has not been decided, if the resolution was cancelled, and notes its end. Key: none needed. */
    completeResolution: async ({
      resolutionId,
      isCancelled,
    }: OfResolution & { readonly isCancelled: boolean }): Promise<ResolvedCounts> => {
      try {
        if (isCancelled) await leaveRest(db, resolutionId, 'the resolution was cancelled');
        await completeResolution(db, resolutionId);
        return await countDecisions(db, resolutionId);
      } catch (error) {
        return throwActivityFailure(error);
      }
    },
  };
}
