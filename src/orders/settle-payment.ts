import { judgeWebhook, type PaymentWebhook, type WebhookEffect } from '../domain/payment-webhook.ts';
import { PAYMENT_SERVICE_ACTOR } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import { findOrder } from '../repositories/order-repository.ts';
import { findKnownCharges, markWebhookHandled, recordPaymentWebhook } from '../repositories/payment-webhooks.ts';
import type { OrderDependencies } from './dependencies.ts';
import { refundByVerdict, type Refunder } from './refund-late-charge.ts';

/** What settling takes. */
export type SettleDependencies = Pick<OrderDependencies, 'commands'> & Refunder;

/**
 * Records what the payment service says of a charge, once a message id, and tells the order's workflow when it waits for that charge. A
 * charge that nothing is left to pay for is refunded. REPEATED: the message came before.
 * Rejects when the workflow can't be told, or the refund can't be made; then the message has to be sent again.
 */
export async function settlePayment(
  dependencies: SettleDependencies,
  webhook: PaymentWebhook,
): Promise<WebhookEffect | 'REPEATED'> {
  const { db } = dependencies;
  const known = await recordPaymentWebhook(db, webhook);
  // An order that was not known then may be by now.
  if (known !== null && known !== 'UNKNOWN_ORDER') return 'REPEATED';
  // Read after the message is on record: an order that is being cancelled either shows it here, or finds the message once it is cancelled.
  const effect = await actOn(dependencies, webhook);
  await markWebhookHandled(db, webhook.id, effect);
  return effect;
}

async function actOn(dependencies: SettleDependencies, webhook: PaymentWebhook): Promise<WebhookEffect> {
  const { db } = dependencies;
  const order = isUuid(webhook.orderId) ? await findOrder(db, webhook.orderId) : undefined;
  if (!order) return 'UNKNOWN_ORDER';
  const verdict = judgeWebhook(webhook, order, await findKnownCharges(db, order.id));
  switch (verdict) {
    case 'mismatch':
      return 'MISMATCH';
    case 'record':
      return 'RECORDED';
    case 'tell':
      return (await tellWorkflow(dependencies, order.id, webhook)) ? 'SIGNALLED' : 'RECORDED';
    case 'refund order':
    case 'refund charge':
      return (await refundByVerdict(dependencies, order, webhook, verdict)) ? 'REFUNDED' : 'RECORDED';
    default:
      return verdict satisfies never;
  }
}

function tellWorkflow(
  { commands }: Pick<SettleDependencies, 'commands'>,
  orderId: string,
  { id, idempotencyKey, outcome }: PaymentWebhook,
): Promise<boolean> {
  return commands.tellSettled(orderId, {
    idempotency_key: idempotencyKey,
    actor: PAYMENT_SERVICE_ACTOR,
    reason: `payment ${outcome}`,
    command_id: `webhook:${id}`,
  });
}
