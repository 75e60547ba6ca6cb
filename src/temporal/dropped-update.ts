import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { TemporalUnavailableError } from './order-commands.ts';

/**
 * Temporal dropped an update: the workflow task that brought it was overtaken by another event, such as a step that ended just
 * then. It may be sent again under its id.
 */
export class UpdateDroppedError extends TemporalUnavailableError {}

/** The gRPC status of a dropped update, https://grpc.io/docs/guides/status-codes/. */
const FAILED_PRECONDITION = 9;

/** Whether `error` says that Temporal dropped an update. */
export function isDropped(error: unknown): boolean {
  if (!(error instanceof ServiceError) || !isGrpcServiceError(error.cause)) return false;
  const code: number = error.cause.code;
  return code === FAILED_PRECONDITION;
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
