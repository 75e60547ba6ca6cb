import { judgeWebhook } from '../domain/payment-webhook.ts';
import { GatewayError } from '../gateways/gateway-error.ts';
import { findOrder } from '../repositories/order-repository.ts';
import { findCapturedWebhooks, findKnownCharges, markWebhookHandled } from '../repositories/payment-webhooks.ts';
import { refundByVerdict, type Refunder } from './refund-late-charge.ts';

/**
 * Refunds what the payment service has reported as charged while an order was being cancelled, or while an amendment was failing. To be
 * called once that is written: whoever receives such a message later finds the order so, and refunds by itself.
 * Rejects with a `GatewayError` when the payment service is away; calling again is safe.
 */
export async function refundLateCharges(refunder: Refunder, orderId: string): Promise<void> {
  const { db, logger } = refunder;
  const webhooks = await findCapturedWebhooks(db, orderId);
  const order = webhooks.length > 0 ? await findOrder(db, orderId) : undefined;
  if (!order) return;
  const known = await findKnownCharges(db, orderId);
  for (const webhook of webhooks) {
    try {
      const isRefunded = await refundByVerdict(refunder, order, webhook, judgeWebhook(webhook, order, known));
      if (isRefunded) await markWebhookHandled(db, webhook.id, 'REFUNDED');
    } catch (error) {
      const isForGood = error instanceof GatewayError && (error.kind === 'refused' || error.kind === 'rejected');
      if (!isForGood) throw error;
      logger.error({ err: error, order_id: orderId, webhook_id: webhook.id }, 'late charge not refunded');
    }
  }
}
