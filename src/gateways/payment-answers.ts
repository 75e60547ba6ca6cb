import { z } from 'zod';

/** The statuses of a payment. Any other leaves it unknown whether money was taken, and counts as no answer. */
const statuses = [
  'PENDING',
  'ACTION_REQUIRED',
  'AUTHORIZED',
  'PARTIALLY_CAPTURED',
  'CAPTURED',
  'DECLINED',
  'VOIDED',
  'EXPIRED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;

/** What its payer has to do before it goes on. */
export const nextAction = z.object({ type: z.literal('redirect'), url: z.url() }).nullish();

/** A charge, an authorisation or a capture. */
export const payment = z.object({
  id: z.string().min(1),
  status: z.enum(statuses),
  decline_code: z.string().nullish(),
  expires_at: z.string().nullish(),
  next_action: nextAction,
});

/** What a partial refund is answered. */
export const partlyRefunded = z.object({ order_id: z.string(), amount: z.string(), currency: z.string() });

const movedPayment = z.object({
  id: z.string(),
  order_id: z.string().nullish(),
  idempotency_key: z.string().nullish(),
  status: z.string(),
  amount: z.string(),
  captured_amount: z.string().nullish(),
  refunded_amount: z.string(),
  currency: z.string(),
  fee: z.string().nullish(),
  changed_at: z.iso.datetime({ offset: true }),
});

/** A page of the payments that money moved with. */
export const movedPayments = z.object({ data: z.array(movedPayment), next_cursor: z.string().nullish() });
