import { z } from '@hono/zod-openapi';
import { parseMoney } from '../../domain/money.ts';
import type { PaymentWebhook } from '../../domain/payment-webhook.ts';
import { comparedLine } from '../../orders/text-schemas.ts';
import { checkRequest } from '../../orders/check-request.ts';
import { invalidRequest } from '../../domain/refusal.ts';
import { currencySchema } from '../../orders/order-request.ts';

/** The headers of a Standard Webhook. */
export const webhookHeaders = z.object({
  'webhook-id': z
    .string()
    .regex(/^[!-~]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .openapi({ description: 'The same whenever this message is sent.', example: 'msg_0199c1d2' }),
  'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970 at which it was signed.' }),
  'webhook-signature': z.string().openapi({ description: '`v1,` and the signature in base64; several with spaces.' }),
});

const charge = z.looseObject({
  payment_id: comparedLine(255),
  order_id: comparedLine(255),
  idempotency_key: comparedLine(255).openapi({ description: 'The key under which the charge was asked for.' }),
  amount: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$/, 'must be a decimal amount such as "12.50"')
    .openapi({ example: '12.50' }),
  currency: currencySchema,
  decline_code: comparedLine(255).nullish().openapi({ description: 'Why it was declined.' }),
});

/** The messages that mean something here. */
const types = ['payment.captured', 'payment.declined'] as const;

/** How the payment service reports the outcome of a charge; further fields are left alone. */
const knownWebhook = z
  .looseObject({
    type: z.enum(types),
    timestamp: z.iso.datetime({ offset: true }).openapi({ description: 'When it happened.' }),
    data: charge,
  })
  .openapi('PaymentWebhook', {
    example: {
      type: 'payment.captured',
      timestamp: '2026-11-21T09:30:02.000Z',
      data: {
        payment_id: '019aa3f2-6c2b-7f4e-9a21-5a2a7c8b3e44',
        order_id: '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11',
        idempotency_key: '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11:charge:1',
        amount: '25.00',
        currency: 'EUR',
      },
    },
  });

/** Whatever a payment service may send: it has more to tell than is wanted here, and learns new things. */
export const webhookSchema = z.union([knownWebhook, z.record(z.string(), z.unknown())]);

/**
 * The message as the domain has it; `undefined` when it is of a type that means nothing here. Throws VALIDATION when a type that is known
 * doesn't have its fields, or its currency no such amount.
 */
export function toPaymentWebhook(id: string, body: z.output<typeof webhookSchema>): PaymentWebhook | undefined {
  if (!types.some((known) => known === body['type'])) return undefined;
  const { type, data } = checkRequest(knownWebhook, body);
  return {
    id,
    orderId: data.order_id,
    idempotencyKey: data.idempotency_key,
    outcome: type === 'payment.captured' ? 'captured' : 'declined',
    paymentId: data.payment_id,
    declineCode: data.decline_code ?? null,
    amountMinor: readAmount(data.amount, data.currency),
    currency: data.currency,
  };
}

function readAmount(amount: string, code: string): number {
  try {
    return parseMoney(amount, code);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidRequest([{ pointer: '/data/amount', message: error.message }]);
  }
}
