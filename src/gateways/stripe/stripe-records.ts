import type { IntentRecord } from '../../domain/stripe-intent.ts';

/** The record of an intent that is about to be asked for; `isNew`: this very attempt has made it, so that nothing was asked for before. */
export type BegunRecord = IntentRecord & { readonly isNew: boolean };

/** What a new intent is recorded with. */
export type NewIntentRecord = Pick<IntentRecord, 'idempotencyKey' | 'orderId'>;

/**
 * Our own memory of what was asked of Stripe, and of what is voided: Stripe knows no tombstones. Each method is committed when it resolves.
 */
export interface StripeRecords {
  /** Records that an intent is about to be asked for, once per key, and returns what is on record; a void that came first shows. */
  readonly begin: (record: NewIntentRecord) => Promise<BegunRecord>;
  /** Records Stripe's id of the intent; returns whether it is voided by now. */
  readonly remember: (idempotencyKey: string, intentId: string) => Promise<boolean>;
  /** Records that another of Stripe's idempotency keys is used up, unless somebody has since. */
  readonly useUpKey: (idempotencyKey: string, keysUsed: number) => Promise<void>;
  readonly find: (idempotencyKey: string) => Promise<IntentRecord | undefined>;
  readonly findOfOrder: (orderId: string) => Promise<readonly IntentRecord[]>;
  readonly findByIntent: (intentId: string) => Promise<IntentRecord | undefined>;
  /** Leaves the tombstone of an order or of one charge, by the order's id or the charge's key. */
  readonly bury: (orderOrKey: string) => Promise<void>;
}
