/** What is remembered of a payment intent that was asked for. */
export interface IntentRecord {
  readonly idempotencyKey: string;
  readonly orderId: string;
  /** Stripe's id of it; `undefined` while no answer has told it. */
  readonly intentId: string | undefined;
  /** How many of Stripe's idempotency keys are used up: their saved answer says nothing. */
  readonly keysUsed: number;
  readonly startedAt: Date;
  /** Whether the charge, or its order, is voided. */
  readonly isVoided: boolean;
}
