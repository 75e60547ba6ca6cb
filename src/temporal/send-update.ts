import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowUpdateHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../domain/failures.ts';
import type { ApiMessage, Command } from '../domain/messages.ts';
import { callWithin, toUnavailableError } from './call-temporal.ts';
import type { TemporalConnection } from './connection.ts';
import { isDropped, UpdateDroppedError } from './dropped-update.ts';
import { CommandRefusedError } from './order-commands.ts';

/** A worker accepts a command at once; when this is not enough there is none, or all are overloaded. */
const ACCEPT_DEADLINE_MS = 5_000;

/**
 * Sends a command as an update with its id and waits up to `waitMs` for the result; `undefined` when it is accepted and takes longer.
 * Rejects with `WorkflowNotFoundError`, {@link CommandRefusedError} or `TemporalUnavailableError`.
 */
export async function sendUpdate<Result>(
  temporal: TemporalConnection,
  workflowId: string,
  name: string,
  command: Command,
  waitMs: number,
): Promise<Result | undefined> {
  const handle = temporal.client.workflow.getHandle(workflowId);
  try {
    const accepted = await callWithin(temporal, ACCEPT_DEADLINE_MS, () =>
      handle.startUpdate<Result, [ApiMessage<Command>]>(name, {
        updateId: command.command_id,
        args: [{ from_api: command }],
        waitForStage: 'ACCEPTED',
      }),
    );
    return await findResult(temporal, accepted, waitMs);
  } catch (error) {
    throw toCommandError(error);
  }
}

async function findResult<Result>(
  temporal: TemporalConnection,
  handle: WorkflowUpdateHandle<Result>,
  waitMs: number,
): Promise<Result | undefined> {
  try {
    return await callWithin(temporal, waitMs, () => handle.result());
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw error;
    // An accepted update is durable, also when its outcome takes longer or Temporal has become unavailable.
    return undefined;
  }
}

function toCommandError(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError) return error;
  if (isDropped(error)) return new UpdateDroppedError('Temporal dropped the command', { cause: error });
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { type, message, details } = error.cause;
    return new CommandRefusedError(type ?? failureTypes.invalidCommand, message, details ?? []);
  }
  return toUnavailableError(error);
}
