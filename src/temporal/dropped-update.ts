import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { EngineUnavailableError } from './order-commands.ts';

/**
 * The engine dropped an update: the workflow task that brought it was overtaken by other news of the workflow, such as a step that
 * ended just then. It may be sent again under its id; some of what it set off may have happened.
 */
export class UpdateDroppedError extends EngineUnavailableError {}

/** The gRPC status of a dropped update, https://grpc.io/docs/guides/status-codes/. */
const FAILED_PRECONDITION = 9;

/** Whether `error` is the engine's word that it dropped an update. */
export function isDropped(error: unknown): boolean {
  if (!(error instanceof ServiceError) || !isGrpcServiceError(error.cause)) return false;
  const code: number = error.cause.code;
  return code === FAILED_PRECONDITION;
}

/** Often enough for an order that is as busy as it can get. */
const MAX_TRIES = 5;

/** Sends until the update is not dropped; `again` tells all but the first try. */
export async function untilNotDropped<T>(send: (again: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(tries > 1);
    } catch (error) {
      if (!(error instanceof UpdateDroppedError) || tries === MAX_TRIES) throw error;
    }
  }
}
