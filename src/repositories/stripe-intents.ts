import { sql } from 'kysely';
import type { IntentRecord } from '../domain/stripe-intent.ts';
import type { Db } from './schema.ts';

/** What the Stripe gateway remembers, in this database. */
export function stripeRecords(db: Db) {
  return {
    begin: (record: Pick<IntentRecord, 'idempotencyKey' | 'orderId'>) => beginStripeIntent(db, record),
    remember: (idempotencyKey: string, intentId: string) => rememberStripeIntent(db, idempotencyKey, intentId),
    useUpKey: (idempotencyKey: string, keysUsed: number) => useUpStripeKey(db, idempotencyKey, keysUsed),
    find: (idempotencyKey: string) => findStripeIntent(db, idempotencyKey),
    findOfOrder: (orderId: string) => findStripeIntentsOfOrder(db, orderId),
    findByIntent: (intentId: string) => findStripeIntentById(db, intentId),
    bury: (orderOrKey: string) => buryStripeCharges(db, orderOrKey),
  };
}

/** Records that an intent is about to be asked for, once per key; returns what is on record. Read after it is committed: a void that is not seen here sees it. */
async function beginStripeIntent(
  db: Db,
  { idempotencyKey, orderId }: Pick<IntentRecord, 'idempotencyKey' | 'orderId'>,
): Promise<IntentRecord & { readonly isNew: boolean }> {
  const inserted = await db
    .insertInto('stripe_intents')
    .values({ idempotency_key: idempotencyKey, order_id: orderId, intent_id: null })
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .returning('idempotency_key')
    .executeTakeFirst();
  const row = await findStripeIntent(db, idempotencyKey);
  if (!row) throw new Error('an intent that is about to be asked for is on record');
  return { ...row, isNew: inserted !== undefined };
}

/** Records the id of an intent at Stripe; returns whether its charge or order is voided by now. */
async function rememberStripeIntent(db: Db, idempotencyKey: string, intentId: string): Promise<boolean> {
  await db
    .updateTable('stripe_intents')
    .set({ intent_id: intentId })
    .where('idempotency_key', '=', idempotencyKey)
    .execute();
  return (await findStripeIntent(db, idempotencyKey))?.isVoided ?? false;
}

/** Records that `keysUsed` idempotency keys are used up, unless more are. */
async function useUpStripeKey(db: Db, idempotencyKey: string, keysUsed: number): Promise<void> {
  await db
    .updateTable('stripe_intents')
    .set({ keys_used: keysUsed })
    .where('idempotency_key', '=', idempotencyKey)
    .where('keys_used', '<', keysUsed)
    .execute();
}

/** What is on record of a charge. */
function findStripeIntent(db: Db, idempotencyKey: string): Promise<IntentRecord | undefined> {
  return selectIntents(db).where('idempotency_key', '=', idempotencyKey).executeTakeFirst().then(toRow);
}

/** What is on record of an intent, by its id at Stripe. */
function findStripeIntentById(db: Db, intentId: string): Promise<IntentRecord | undefined> {
  return selectIntents(db).where('intent_id', '=', intentId).executeTakeFirst().then(toRow);
}

/** What is on record of an order's charges, oldest first. */
async function findStripeIntentsOfOrder(db: Db, orderId: string): Promise<IntentRecord[]> {
  const rows = await selectIntents(db)
    .where('order_id', '=', orderId)
    .orderBy('started_at')
    .orderBy('idempotency_key')
    .execute();
  return rows.flatMap((row) => toRow(row) ?? []);
}

/** Leaves the tombstone of an order or of a charge, by the order's id or the charge's key. */
async function buryStripeCharges(db: Db, orderOrKey: string): Promise<void> {
  await db
    .insertInto('stripe_voids')
    .values({ voided: orderOrKey })
    .onConflict((conflict) => conflict.column('voided').doNothing())
    .execute();
}

function selectIntents(db: Db) {
  return db
    .selectFrom('stripe_intents')
    .select(['idempotency_key as idempotencyKey', 'order_id as orderId', 'intent_id as intentId'])
    .select(['keys_used as keysUsed', 'started_at as startedAt'])
    .select(
      sql<boolean>`exists (select from stripe_voids where voided in (stripe_intents.order_id, idempotency_key))`.as(
        'isVoided',
      ),
    );
}

type Selected = Omit<IntentRecord, 'intentId'> & { readonly intentId: string | null };

function toRow(row: Selected | undefined): IntentRecord | undefined {
  return row && { ...row, intentId: row.intentId ?? undefined };
}
