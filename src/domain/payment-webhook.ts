/** How a charge came out, as the payment service says by itself; the amount in minor units. */
export interface PaymentWebhook {
  /** The message's id: the same at every delivery. */
  readonly id: string;
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly outcome: 'captured' | 'declined';
  readonly paymentId: string;
  readonly declineCode: string | null;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * What came of a message. SIGNALLED: the order's saga waits for this charge and was told. RECORDED: it does not, or not yet.
 * UNKNOWN_ORDER, MISMATCH: it speaks of no order, or not of its charge, and is not believed.
 */
export const webhookEffects = ['SIGNALLED', 'RECORDED', 'UNKNOWN_ORDER', 'MISMATCH'] as const;

export type WebhookEffect = (typeof webhookEffects)[number];
