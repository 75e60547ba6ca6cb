import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  type ApplicationFailure,
} from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { CommandResult, CreateOrderInput, OrderCommand } from '../src/domain/messages.ts';
import { orderWorkflowId } from '../src/domain/order.ts';
import { isCreateOrderInput } from '../src/domain/workflow-input.ts';
import { answerQueries } from './answer-queries.ts';
import { findRejection } from './check-command.ts';
import type { PendingCommand } from './command-queue.ts';
import { createRejection } from './create-rejection.ts';
import { createOrderSaga } from './create-order-saga.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { notifyCustomer } from './notify-customer.ts';
import { OrderRun } from './order-run.ts';
import { placeOrder } from './place-order.ts';
import { receiveOrderCommands } from './receive-order-commands.ts';
import { requireOwnId } from './require-own-id.ts';
import { resumeOrder } from './resume-order.ts';

/**
 * The life of one order: placed by a saga, then open for fulfilment until it is final.
 * Returns the final status; ends as cancelled when it was the workflow that was cancelled.
 */
export async function createOrder(input: CreateOrderInput): Promise<CommandResult> {
  requireOwnId(input, isCreateOrderInput, ({ orderId }) => orderWorkflowId(orderId));
  const order = new OrderRun(input);
  answerQueries(order);
  const cancellation = receiveOrderCommands(order);

  // A cancelled workflow is a command like any other: it must not stop the compensations.
  await CancellationScope.nonCancellable(async () => {
    const saga = createOrderSaga(order);
    if (input.resume) await resumeOrder(order, saga, input.resume);
    else await placeOrder(order, saga);
    const isNews = order.status === 'CONFIRMED' && !input.resume?.isTakenIn;
    const notified = isNews ? notifyCustomer(order) : undefined;
    await fulfilOrder(order, saga);
    await notified;
    await order.background.settled();
    order.commands.close((pending) => {
      answerAtTheEnd(order, pending);
    });
    await condition(() => allHandlersFinished() && cancellation.isHandled());
  });

  if (cancellation.isRequested() && order.status === 'CANCELLED') throw new CancelledFailure('the order was cancelled');
  return { status: order.status };
}

/** Every sender learns how the order ended; whoever wanted a cancelled order to be cancelled has what they wanted. */
function answerAtTheEnd(
  order: OrderRun,
  { command, resolve, reject }: PendingCommand<OrderCommand, CommandResult>,
): void {
  const { status } = order;
  if (command.name === 'cancelOrder' && status === 'CANCELLED') resolve({ status });
  else reject(findRejection(order.state, command) ?? orderEnded());
}

function orderEnded(): ApplicationFailure {
  return createRejection(failureTypes.invalidCommand, 'the order has ended');
}
