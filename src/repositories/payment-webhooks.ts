import { sql } from 'kysely';
import type { PaymentWebhook, WebhookEffect } from '../domain/payment-webhook.ts';
import type { Db } from './schema.ts';

/** Records a message once by its id, counting deliveries; returns what came of it, `null` when it has not been followed to the end. */
export async function recordPaymentWebhook(db: Db, webhook: PaymentWebhook): Promise<WebhookEffect | null> {
  const { effect } = await db
    .insertInto('payment_webhooks')
    .values({
      id: webhook.id,
      order_id: webhook.orderId,
      idempotency_key: webhook.idempotencyKey,
      outcome: webhook.outcome,
      payment_id: webhook.paymentId,
      decline_code: webhook.declineCode,
      amount_minor: webhook.amountMinor,
      currency: webhook.currency,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ deliveries: sql<number>`payment_webhooks.deliveries + 1` }),
    )
    .returning('effect')
    .executeTakeFirstOrThrow();
  return effect;
}

/** Notes what came of a message. */
export async function markWebhookFollowed(db: Db, id: string, effect: WebhookEffect): Promise<void> {
  await db.updateTable('payment_webhooks').set({ effect }).where('id', '=', id).execute();
}

/** What a message about a charge has to agree on to be believed. */
export type SettledCharge = Pick<PaymentWebhook, 'orderId' | 'idempotencyKey' | 'amountMinor' | 'currency'>;

/** What the payment service said of exactly this charge by itself, if anything. */
export async function findSettlement(
  db: Db,
  charge: SettledCharge,
): Promise<Pick<PaymentWebhook, 'outcome' | 'paymentId' | 'declineCode'> | undefined> {
  return (
    db
      .selectFrom('payment_webhooks')
      .select(['outcome', 'payment_id as paymentId', 'decline_code as declineCode'])
      .where('idempotency_key', '=', charge.idempotencyKey)
      .where('order_id', '=', charge.orderId)
      .where('amount_minor', '=', charge.amountMinor)
      .where('currency', '=', charge.currency)
      // A key has one outcome; should a service ever contradict itself, money that was taken is what matters.
      .orderBy('outcome')
      .limit(1)
      .executeTakeFirst()
  );
}
