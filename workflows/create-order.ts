import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
} from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { CommandResult, CreateOrderInput } from '../src/domain/messages.ts';
import { cancelByWorkflowCancellation, takeCommands } from './commands.ts';
import { fulfilOrder, refusalOf } from './fulfil-order.ts';
import type { Entry } from './inbox.ts';
import { notifyCustomer } from './notify-customer.ts';
import { Order } from './order.ts';
import { placeOrder } from './place-order.ts';
import { Saga } from './saga.ts';
import { takeSettlements } from './settle-payment.ts';
import { takeUpOrder } from './take-up-order.ts';

/**
 * The life of one order: placed by a saga, then open for fulfilment until it is final.
 * Returns the final status; ends as cancelled when it was the workflow that was cancelled.
 */
export async function createOrder(input: CreateOrderInput): Promise<CommandResult> {
  const order = new Order(input);
  takeCommands(order);
  takeSettlements(order);
  const workflowCancelled = watchForCancellation(order);

  // A cancelled workflow is a command like any other: it must not stop the steps that give stock and money back.
  await CancellationScope.nonCancellable(async () => {
    const saga = new Saga(order);
    if (input.takeUp) await takeUpOrder(order, saga, input.takeUp);
    else await placeOrder(order, saga);
    const notified = order.status === 'CONFIRMED' ? notifyCustomer(order) : Promise.resolve();
    await fulfilOrder(order, saga);
    await notified;
    order.inbox.close((entry) => {
      answerAtTheEnd(order, entry);
    });
    await condition(allHandlersFinished);
  });

  if (workflowCancelled() && order.status === 'CANCELLED') throw new CancelledFailure('the order was cancelled');
  return { status: order.status };
}

function watchForCancellation(order: Order): () => boolean {
  let cancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    cancelByWorkflowCancellation(order);
  });
  return () => cancelled;
}

/** Every caller learns how it ended; whoever wanted a cancelled order cancelled has what they wanted. */
function answerAtTheEnd(order: Order, entry: Entry): void {
  const { status } = order;
  if (entry.name === 'cancelOrder' && status === 'CANCELLED') entry.resolve({ status });
  else entry.reject(refusalOf(order, entry) ?? orderEnded());
}

function orderEnded(): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.invalidCommand,
    message: 'the order has ended',
    nonRetryable: true,
  });
}
