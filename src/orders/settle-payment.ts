import type { Order } from '../domain/order.ts';
import type { PaymentWebhook, WebhookEffect } from '../domain/payment-webhook.ts';
import { isUuid } from '../domain/uuid.ts';
import { findOrder } from '../repositories/order-repository.ts';
import { markWebhookHandled, recordPaymentWebhook } from '../repositories/payment-webhooks.ts';
import type { OrderDependencies } from './dependencies.ts';

/**
 * Records what the payment service says of a charge, once a message id, and tells the order's workflow when it waits for that charge.
 * REPEATED: the message came before. Rejects when the workflow can't be told; then the message has to be sent again.
 */
export async function settlePayment(
  dependencies: Pick<OrderDependencies, 'db' | 'commands'>,
  webhook: PaymentWebhook,
): Promise<WebhookEffect | 'REPEATED'> {
  const { db } = dependencies;
  const known = await recordPaymentWebhook(db, webhook);
  if (known !== null) return 'REPEATED';
  const effect = await tellWorkflow(dependencies, webhook);
  await markWebhookHandled(db, webhook.id, effect);
  return effect;
}

async function tellWorkflow(
  { db, commands }: Pick<OrderDependencies, 'db' | 'commands'>,
  webhook: PaymentWebhook,
): Promise<WebhookEffect> {
  const order = isUuid(webhook.orderId) ? await findOrder(db, webhook.orderId) : undefined;
  if (!order) return 'UNKNOWN_ORDER';
  if (!isOfOrder(webhook, order)) return 'MISMATCH';
  if (!isWaiting(order)) return 'RECORDED';
  const wasTold = await commands.tellSettled(order.id, {
    idempotency_key: webhook.idempotencyKey,
    actor: 'service:payment',
    reason: `payment ${webhook.outcome}`,
    command_id: `webhook:${webhook.id}`,
  });
  return wasTold ? 'SIGNALLED' : 'RECORDED';
}

function isOfOrder({ idempotencyKey, amountMinor, currency }: PaymentWebhook, order: Order): boolean {
  const isItsKey = idempotencyKey.startsWith(`${order.id}:`);
  return isItsKey && amountMinor === order.totalMinor && currency === order.currency;
}

/** Other orders need not be told: should the outcome of their charge become unknown, they find the recorded message. */
function isWaiting({ status, paymentStatus, sagaState }: Order): boolean {
  if (status !== 'PENDING') return false;
  return paymentStatus === 'UNKNOWN' || paymentStatus === 'QUEUED' || sagaState === 'NEEDS_ATTENTION';
}
