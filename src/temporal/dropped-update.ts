import { isGrpcServiceError, ServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { TemporalFailure } from '@temporalio/common';
import { TemporalUnavailableError } from './order-commands.ts';

/**
 * Temporal dropped an update: the workflow task that brought it was overtaken by another event, such as a step that ended just
 * then, its worker did not look at it, or the workflow ended before it was done. It may be sent again under its id.
 */
export class UpdateDroppedError extends TemporalUnavailableError {}

/** The gRPC status of a dropped update, https://grpc.io/docs/guides/status-codes/. */
const FAILED_PRECONDITION = 9;

/** Whether `error` says that Temporal dropped an update. */
export function isDropped(error: unknown): boolean {
  return isFailedPrecondition(error) || isFailedByServer(error);
}

function isFailedPrecondition(error: unknown): boolean {
  if (!(error instanceof ServiceError) || !isGrpcServiceError(error.cause)) return false;
  const code: number = error.cause.code;
  return code === FAILED_PRECONDITION;
}

/** Who says in a failure of an update that it was dropped; what the workflow says of an update has the name of an SDK. */
const SERVER = 'Server';

/**
 * Whether `error` says that Temporal dropped an update that a worker had: one that it did not look at, as one does that was given two
 * tasks of a workflow at once, or one that it accepted before the workflow was ended.
 */
function isFailedByServer(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  return error.cause instanceof TemporalFailure && error.cause.failure?.source === SERVER;
}

/** Enough for the busiest order. */
const MAX_TRIES = 5;

/** Calls `send` until its update is not dropped; `again` is false on the first try only. */
export async function untilNotDropped<T>(send: (again: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(tries > 1);
    } catch (error) {
      if (!(error instanceof UpdateDroppedError) || tries === MAX_TRIES) throw error;
    }
  }
}
