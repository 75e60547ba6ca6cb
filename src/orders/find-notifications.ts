import type { OrderMessage } from '../domain/order-message.ts';
import { notificationKey } from '../domain/order-notification.ts';
import type { StepState } from '../domain/saga.ts';
import { findSagaSteps } from '../repositories/order-details.ts';
import { findMessages } from '../repositories/order-messages.ts';
import type { Db } from '../repositories/schema.ts';

/** What the customer was told of an order, oldest first, with the confirmation, which is a step of its saga. */
export async function findNotifications(db: Db, orderId: string): Promise<OrderMessage[]> {
  const [messages, steps] = await Promise.all([findMessages(db, orderId), findSagaSteps(db, orderId)]);
  return withConfirmation(orderId, messages, steps);
}

type Steps = Awaited<ReturnType<typeof findSagaSteps>>;

/** An order's messages with its confirmation, which stands in its ledger. */
export function withConfirmation(orderId: string, messages: OrderMessage[], steps: Steps): OrderMessage[] {
  const key = notificationKey(orderId, 'ORDER_CONFIRMED');
  // A confirmation that somebody had sent again under its own key is a message like others from then on.
  if (messages.some((message) => message.key === key)) return messages;
  const step = steps.find((one) => one.step === 'notifyCustomer');
  if (!step) return messages;
  const { attempts, started_at: createdAt, updated_at: updatedAt, last_error: lastError, recipient } = step;
  const state = stateOf[step.state];
  const confirmation: OrderMessage = {
    key,
    orderId,
    type: 'ORDER_CONFIRMED',
    about: {},
    state,
    attempts,
    nextAttemptAt: updatedAt,
    lastError,
    content: null,
    recipient,
    requestedBy: null,
    createdAt,
    sentAt: state === 'SENT' ? updatedAt : null,
  };
  return [confirmation, ...messages];
}

/** Whoever resolves the step has told the customer in another way. */
const stateOf = {
  RUNNING: 'PENDING',
  DONE: 'SENT',
  REFUSED: 'FAILED',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
  RESOLVED: 'SKIPPED',
  INTERRUPTED: 'SKIPPED',
} as const satisfies Record<StepState, OrderMessage['state']>;
