import { sql } from 'kysely';
import type { KnownCharges, PaymentWebhook, WebhookEffect } from '../domain/payment-webhook.ts';
import type { Db } from './schema.ts';

/** Records a message once, by its id, and counts its deliveries; returns its effect, null if it has not been handled completely. */
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

/** Writes the effect of a message that has been handled. */
export async function markWebhookHandled(db: Db, id: string, effect: WebhookEffect): Promise<void> {
  await db.updateTable('payment_webhooks').set({ effect }).where('id', '=', id).execute();
}

/** What a message about a charge of the order is judged by. */
export async function findKnownCharges(db: Db, orderId: string): Promise<KnownCharges> {
  const amendments = await db
    .selectFrom('order_amendments')
    .select(['number', 'state', 'difference_minor as differenceMinor'])
    .where('order_id', '=', orderId)
    .execute();
  const charges = await db
    .selectFrom('order_payment_transactions')
    .select(['idempotency_key as idempotencyKey', 'amount_minor as amountMinor', 'status'])
    .where('order_id', '=', orderId)
    .where('kind', '=', 'CHARGE')
    .execute();
  return {
    amendments,
    charges: charges.map(({ status, ...charge }) => ({ ...charge, isDeclined: status === 'DECLINED' })),
  };
}

/** Messages that something was charged for the order and that have led to no refund yet, oldest first. */
export async function findCapturedWebhooks(db: Db, orderId: string): Promise<readonly PaymentWebhook[]> {
  return db
    .selectFrom('payment_webhooks')
    .select(['id', 'order_id as orderId', 'idempotency_key as idempotencyKey', 'outcome', 'payment_id as paymentId'])
    .select(['decline_code as declineCode', 'amount_minor as amountMinor', 'currency'])
    .where('order_id', '=', orderId)
    .where('outcome', '=', sql.lit('captured'))
    .where((where) => where.or([where('effect', 'is', null), where('effect', 'in', ['SIGNALLED', 'RECORDED'])]))
    .orderBy('received_at')
    .execute();
}

/** What must be equal in a charge and in a message about it for the message to be believed. */
export type SettledCharge = Pick<PaymentWebhook, 'orderId' | 'idempotencyKey' | 'amountMinor' | 'currency'>;

/** The outcome of exactly this charge, if the payment service has sent a message about it. */
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
      // A key has one outcome. If a service contradicts itself, `captured` comes first: money may have been taken.
      .orderBy('outcome')
      .limit(1)
      .executeTakeFirst()
  );
}
