import { z } from '@hono/zod-openapi';
import { inboundSchemas, inboundTypes, type InboundChannel } from '../../events/catalogue/inbound-events.ts';

/** The headers of a Standard Webhook. */
export const webhookHeaders = z.object({
  'webhook-id': z
    .string()
    .regex(/^[!-~]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .openapi({ description: 'The same whenever this message is sent.', example: 'msg_0199c1d2' }),
  'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970 at which it was signed.' }),
  'webhook-signature': z.string().openapi({ description: '`v1,` and the signature in base64; several with spaces.' }),
});

/**
 * Whatever the service of a channel may send: it has more to tell than is wanted here, and learns new things. The contents of what is known
 * are read by `readInboundEvent`.
 */
export function webhookBody(channel: InboundChannel) {
  const known = inboundTypes[channel].map((type) =>
    z.looseObject({
      type: z.literal(type),
      timestamp: z.iso.datetime({ offset: true }).optional().openapi({ description: 'When it happened.' }),
      data: inboundSchemas[type],
    }),
  );
  return z
    .union([...known, z.record(z.string(), z.unknown())])
    .openapi(names[channel], { example: { ...examples[channel], timestamp: '2026-11-21T09:30:02.000Z' } });
}

const names = { payments: 'PaymentWebhook', inventory: 'InventoryWebhook', shipping: 'ShippingWebhook' } as const;

const ORDER_ID = '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11';

const examples = {
  payments: {
    type: 'payment.captured',
    data: {
      payment_id: '019aa3f2-6c2b-7f4e-9a21-5a2a7c8b3e44',
      order_id: ORDER_ID,
      idempotency_key: `${ORDER_ID}:charge:1`,
      amount: '25.00',
      currency: 'EUR',
    },
  },
  inventory: { type: 'inventory.reserved', data: { order_id: ORDER_ID, reservation_id: 'res_1' } },
  shipping: { type: 'shipment.delivered', data: { order_id: ORDER_ID, tracking_number: '1Z999AA10123456784' } },
} as const;
