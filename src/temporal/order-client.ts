import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import { failureTypes } from '../domain/failures.ts';
import {
  CREATE_ORDER,
  PAYMENT_DISPUTED,
  PAYMENT_SETTLED,
  RESERVATION_SETTLED,
  type ApiMessage,
  type Command,
  type CommandName,
  type CommandResult,
  type Commands,
} from '../domain/messages.ts';
import { isPaidOutside, orderWorkflowId, type OrderWithItems } from '../domain/order.ts';
import { isCancellable, isFinal, type OrderStatus } from '../domain/order-status.ts';
import { DecryptionError } from '../key-ring.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import { findOrderToResume, watchOrder } from '../repositories/reconciliation.ts';
import type { Db } from '../repositories/schema.ts';
import { callWithin, requireConnection, START_DEADLINE_MS, toUnavailableError } from './call-temporal.ts';
import type { TemporalConnection, TemporalConnector } from './connection.ts';
import { untilNotDropped } from './dropped-update.ts';
import {
  CommandRefusedError,
  TemporalUnavailableError,
  type CommandReply,
  type OrderCommands,
  type StartableOrder,
} from './order-commands.ts';
import { resumeOrder } from './resume-order.ts';
import { sendUpdate } from './send-update.ts';
import type { StartLimiter } from './starting/start-limiter.ts';
import { orderStartOptions } from './start-options.ts';

/** How long a start waits for its slot. Together with the start it ends before the relay claims the order, after two seconds. */
const SLOT_WAIT_MS = 900;

/** Starts and commands the workflows of orders through Temporal. */
export function createOrderCommands(
  connector: TemporalConnector,
  db: Db,
  config: SagaConfig,
  startLimiter: StartLimiter,
): OrderCommands {
  const start: OrderCommands['start'] = (order, { isAwaited } = { isAwaited: true }) =>
    startSaga({ connector, config, startLimiter }, order, isAwaited);

  const send: OrderCommands['send'] = (orderId, name, command, waitMs) =>
    untilNotDropped(async (again) => {
      const temporal = requireConnection(connector);
      const sendOnce = () => sendCommand(temporal, orderId, name, command, waitMs);
      try {
        return await sendOnce();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        const order = await findOrderWithItems(db, orderId);
        // The order was cancelled meanwhile, which is what the sender wants.
        if (again && name === 'cancelOrder' && order?.status === 'CANCELLED') {
          return { outcome: 'done', status: order.status };
        }
        // The return or refund is on record: a new run of the workflow finds it there.
        if (order && (mayResume(name, order.status) || isTakenIn(order))) {
          await resumeEnded(temporal, db, config, orderId);
        } else await ensureRunning(order, name);
        return sendOnce().catch((gone: unknown) => {
          throw gone instanceof WorkflowNotFoundError ? toUnavailableError(gone) : gone;
        });
      }
    });

  /** Starts a workflow that the relay has not started yet; refuses the command when the workflow has ended. */
  const ensureRunning = async (order: OrderWithItems | undefined, name: CommandName) => {
    if (!order) throw new TemporalUnavailableError('no such order');
    if (isCancellable(order.status)) {
      if (await start(order)) return;
      throw new TemporalUnavailableError('Temporal is overloaded');
    }
    const type = name === 'cancelOrder' ? failureTypes.tooLateToCancel : failureTypes.transitionNotAllowed;
    throw new CommandRefusedError(type, `the order is ${order.status} and has ended`);
  };

  return {
    start,
    takeOn: (orderId) => resumeEnded(requireConnection(connector), db, config, orderId),
    send,
    tellSettled: (orderId, settled) => signal(connector, orderId, PAYMENT_SETTLED, settled),
    tellReserved: (orderId, notice) => signal(connector, orderId, RESERVATION_SETTLED, notice),
    tellDisputed: (orderId, disputed) => signal(connector, orderId, PAYMENT_DISPUTED, disputed),
  };
}

/** Returns `false` when the workflow has ended. */
async function signal(connector: TemporalConnector, orderId: string, name: string, message: Command): Promise<boolean> {
  const temporal = requireConnection(connector);
  const handle = temporal.client.workflow.getHandle(orderWorkflowId(orderId));
  try {
    await callWithin(temporal, START_DEADLINE_MS, () =>
      handle.signal<[ApiMessage<Command>]>(name, { from_api: message }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw toUnavailableError(error);
  }
}

/** Whether a command reaches an order whose workflow has ended. An order that can still be cancelled is the reconciler's then. */
function mayResume(name: CommandName, status: OrderStatus): boolean {
  return (name === 'returnItems' && status === 'DELIVERED') || (name === 'refundPayment' && !isCancellable(status));
}

/** Whether the order was taken in and is not over: it gets its workflow with the first command, if it has none. */
function isTakenIn(order: OrderWithItems): boolean {
  return isPaidOutside(order) && !isFinal(order.status);
}

/** A workflow of the order may have been resumed by somebody else meanwhile. */
async function resumeEnded(temporal: TemporalConnection, db: Db, config: SagaConfig, orderId: string) {
  const found = await findOrderToResume(db, orderId);
  if (!found) throw new TemporalUnavailableError('no such order');
  await watchOrder(db, orderId);
  try {
    await callWithin(temporal, START_DEADLINE_MS, () => resumeOrder(temporal, config, found, { after: 'any' }));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw toUnavailableError(error);
  }
}

async function startSaga(
  { connector, config, startLimiter }: { connector: TemporalConnector; config: SagaConfig; startLimiter: StartLimiter },
  order: StartableOrder,
  isAwaited: boolean,
): Promise<boolean> {
  const temporal = requireConnection(connector);
  startLimiter.countOrder();
  // Under load this is how most calls end, and it costs less than an error.
  if (!(await startLimiter.acquire(order.id, { isAwaited, waitMs: SLOT_WAIT_MS }))) return false;
  try {
    await callWithin(temporal, START_DEADLINE_MS, () =>
      temporal.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config, startLimiter.taskTimeoutMs())),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      // A key that is missing says nothing of Temporal.
      if (error instanceof DecryptionError) startLimiter.release(order.id);
      else startLimiter.fail(order.id);
      throw toUnavailableError(error);
    }
    startLimiter.release(order.id);
  }
  return true;
}

async function sendCommand<Name extends CommandName>(
  temporal: TemporalConnection,
  orderId: string,
  name: Name,
  command: Commands[Name],
  waitMs: number,
): Promise<CommandReply> {
  const result = await sendUpdate<CommandResult>(temporal, orderWorkflowId(orderId), name, command, waitMs);
  return result ? { outcome: 'done', status: result.status } : { outcome: 'accepted' };
}
