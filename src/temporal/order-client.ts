import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowUpdateHandle,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { SagaConfig } from '../config.ts';
import { failureTypes } from '../domain/failures.ts';
import {
  CREATE_ORDER,
  PAYMENT_SETTLED,
  type Command,
  type CommandName,
  type CommandResult,
  type Commands,
  type PaymentSettled,
} from '../domain/messages.ts';
import { orderWorkflowId } from '../domain/order.ts';
import { isCancellable } from '../domain/order-status.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';
import type { Engine, EngineLink } from './connection.ts';
import { isDropped, UpdateDroppedError, untilNotDropped } from './dropped-update.ts';
import {
  CommandRefusedError,
  EngineUnavailableError,
  type CommandReply,
  type OrderCommands,
} from './order-commands.ts';
import type { SagaPace } from './saga-pace.ts';
import { orderStartOptions } from './start-options.ts';

/** A start or signal takes milliseconds; an engine that needs longer is left to the relay, and the caller is not kept. */
const START_DEADLINE_MS = 1_000;

/** A command is accepted by a worker; one that takes longer than this has none or is overwhelmed. */
const ACCEPT_DEADLINE_MS = 5_000;

/** Commands orders' workflows through Temporal. */
export function createOrderCommands(link: EngineLink, db: Db, config: SagaConfig, pace: SagaPace): OrderCommands {
  const start: OrderCommands['start'] = async (order, { isAwaited } = { isAwaited: true }) => {
    const engine = connected(link);
    pace.noteOrder();
    // Of a crowd this is what most come to: cheaper than an error each.
    if (!pace.begin(order.id, isAwaited)) return false;
    try {
      await within(engine, START_DEADLINE_MS, () =>
        engine.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config)),
      );
    } catch (error) {
      pace.end(order.id);
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw unavailable(error);
    }
    return true;
  };

  const send: OrderCommands['send'] = (orderId, name, command, waitMs) =>
    untilNotDropped(async (again) => {
      const engine = connected(link);
      const sendOnce = () => sendCommand(engine, orderId, name, command, waitMs);
      try {
        return await sendOnce();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        const order = await findOrderWithItems(db, orderId);
        // What was dropped had given stock and money back already, which left the order nothing but to be cancelled.
        if (again && name === 'cancelOrder' && order?.status === 'CANCELLED') {
          return { outcome: 'done', status: order.status };
        }
        await ensureRunning(order, name);
        return sendOnce().catch((gone: unknown) => {
          throw gone instanceof WorkflowNotFoundError ? unavailable(gone) : gone;
        });
      }
    });

  /** Starts a workflow that the relay has not come to yet; refuses the command when the workflow has ended. */
  const ensureRunning = async (order: Awaited<ReturnType<typeof findOrderWithItems>>, name: CommandName) => {
    if (!order) throw new EngineUnavailableError('no such order');
    if (isCancellable(order.status)) {
      if (await start(order)) return;
      throw new EngineUnavailableError('the engine is busy');
    }
    const type = name === 'cancelOrder' ? failureTypes.tooLateToCancel : failureTypes.transitionNotAllowed;
    throw new CommandRefusedError(type, `the order is ${order.status} and has ended`);
  };

  const tellSettled = async (orderId: string, settled: PaymentSettled) => {
    const engine = connected(link);
    const handle = engine.client.workflow.getHandle(orderWorkflowId(orderId));
    try {
      await within(engine, START_DEADLINE_MS, () => handle.signal<[PaymentSettled]>(PAYMENT_SETTLED, settled));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw unavailable(error);
    }
  };

  return { start, send, tellSettled };
}

async function sendCommand<Name extends CommandName>(
  engine: Engine,
  orderId: string,
  name: Name,
  command: Commands[Name],
  waitMs: number,
): Promise<CommandReply> {
  const result = await sendUpdate<CommandResult>(engine, orderWorkflowId(orderId), name, command, waitMs);
  return result ? { outcome: 'done', status: result.status } : { outcome: 'accepted' };
}

/**
 * Sends an update whose id is its command's and waits up to `waitMs` for its result; `undefined` when it is accepted and takes longer.
 * Rejects with `WorkflowNotFoundError`, {@link CommandRefusedError} or {@link EngineUnavailableError}.
 */
export async function sendUpdate<Result>(
  { client, connection }: Engine,
  workflowId: string,
  name: string,
  command: Command,
  waitMs: number,
): Promise<Result | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const accepted = await connection.withDeadline(Date.now() + ACCEPT_DEADLINE_MS, () =>
      handle.startUpdate<Result, [Command]>(name, {
        updateId: command.command_id,
        args: [command],
        waitForStage: 'ACCEPTED',
      }),
    );
    return await resultWithin({ connection }, accepted, waitMs);
  } catch (error) {
    throw commandError(error);
  }
}

async function resultWithin<Result>(
  { connection }: Pick<Engine, 'connection'>,
  handle: WorkflowUpdateHandle<Result>,
  waitMs: number,
): Promise<Result | undefined> {
  try {
    return await connection.withDeadline(Date.now() + waitMs, () => handle.result());
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw error;
    // It is accepted, hence durable: that its outcome takes longer, or that the engine went away now, changes nothing of that.
    return undefined;
  }
}

function commandError(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError) return error;
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { type, message, details } = error.cause;
    return new CommandRefusedError(type ?? failureTypes.invalidCommand, message, details ?? []);
  }
  if (isDropped(error)) return new UpdateDroppedError('Temporal dropped the command', { cause: error });
  return unavailable(error);
}

/** The engine, or {@link EngineUnavailableError} while it is not reached. */
export function connected(link: EngineLink): Engine {
  const engine = link.current();
  if (!engine) throw new EngineUnavailableError('Temporal is not reachable');
  return engine;
}

/** Makes a call that gives up after `timeoutMs`. */
export function within<T>({ connection }: Engine, timeoutMs: number, call: () => Promise<T>): Promise<T> {
  return connection.withDeadline(Date.now() + timeoutMs, call);
}

/** What a caller is told of an engine that did not answer. */
export function unavailable(cause: unknown): EngineUnavailableError {
  return new EngineUnavailableError('Temporal did not answer', { cause });
}
