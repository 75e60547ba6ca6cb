import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { invalidRequest } from '../../../domain/refusal.ts';
import { isJsonObject } from '../../../domain/read-message.ts';
import type { InboundChannel } from '../../../events/catalogue/inbound-events.ts';
import { receiveMessage, type Receipt } from '../../../events/consume/receive-message.ts';
import type { Api } from '../../api.ts';
import { requireSignature, requireSignedHeaders } from '../../middleware/require-signature.ts';
import { receiveStripeWebhookRoute } from './receive-stripe-webhook.ts';
import { bodyStatuses, json, describeProblem, problemResponses } from '../../schemas/responses.ts';
import { webhookBody, webhookHeaders } from '../../schemas/webhook-body.ts';

const effects = ['SIGNALLED', 'RECORDED', 'REFUNDED', 'APPLIED', 'KEPT', 'IGNORED', 'REPEATED'] as const;

type Effect = (typeof effects)[number];

const receiptSchema = z.strictObject({ webhook_id: z.string(), effect: z.enum(effects) }).openapi('WebhookReceipt', {
  description:
    'SIGNALLED: the order waits for this charge and goes on. RECORDED: it is known, should the order come to ask. ' +
    'REFUNDED: nothing is left to pay for, since the order is cancelled or the charge has failed, and what was taken is refunded. ' +
    'APPLIED: it has changed the order. KEPT: its order is not known, or not so far: it is applied once that is so, and is a dead ' +
    'letter after `INBOX_PATIENCE`. IGNORED: there is nothing to change, it can not be right, which makes it a dead letter for an operator to ' +
    'decide about, or it is of a type that means nothing here. REPEATED: it came before.',
});

/** The routes that services send their events to, signed. */
export function receiveWebhookRoutes(api: Api) {
  const { secrets } = api.config.inbox;
  return [
    receiveWebhookRoute(api, {
      channel: 'payments',
      secret: secrets.payments,
      operationId: 'receivePaymentWebhook',
      summary: 'Say what became of a payment',
      description:
        'For the payment service: a Standard Webhook, signed with `PAYMENT_WEBHOOK_SECRET`, at most five minutes old. It settles a ' +
        'charge that is pending or whose outcome is unknown, of an order or of an amendment, and refunds one that nothing is left to pay for. ' +
        'A refund that was made at the payment service is booked, and a dispute has the order looked at. ',
    }),
    receiveWebhookRoute(api, {
      channel: 'inventory',
      secret: secrets.inventory,
      operationId: 'receiveInventoryWebhook',
      summary: 'Say what became of a reservation',
      description:
        'For the inventory service: a Standard Webhook, signed with `INVENTORY_WEBHOOK_SECRET`, at most five minutes old. ',
    }),
    receiveWebhookRoute(api, {
      channel: 'shipping',
      secret: secrets.shipping,
      operationId: 'receiveShippingWebhook',
      summary: 'Say that a shipment has arrived',
      description:
        'For the carrier: a Standard Webhook, signed with `SHIPPING_WEBHOOK_SECRET`, at most five minutes old. Once every shipment of an ' +
        'order has arrived, the order is DELIVERED. ',
    }),
    receiveStripeWebhookRoute(api),
  ] as const;
}

interface WebhookRoute {
  readonly channel: InboundChannel;
  readonly secret: string | undefined;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}

function receiveWebhookRoute(api: Api, { channel, secret, operationId, summary, description }: WebhookRoute) {
  // A signature has no roles that could be the wrong ones.
  const { 403: _, ...problems } = problemResponses(...bodyStatuses);
  const route = createRoute({
    method: 'post',
    path: `/api/v1/webhooks/${channel}`,
    operationId,
    summary,
    description:
      `${description}Other types and further fields are acknowledged and left alone. Repeating it with the same \`webhook-id\` ` +
      'changes nothing; on 429 and 503 it is to be sent again.',
    tags: [channel],
    security: [{ webhookSignature: [] }],
    middleware: [requireSignedHeaders(secret, api.limits), requireSignature(secret, api.limits)] as const,
    request: {
      headers: webhookHeaders,
      body: { required: true, content: { 'application/json': { schema: webhookBody(channel) } } },
    },
    responses: {
      200: json(receiptSchema, 'It has been received.'),
      202: json(receiptSchema, 'It has been received, and changes nothing or nothing yet.'),
      ...problems,
      401: describeProblem(401, 'The signature is missing, wrong or too old (`UNAUTHENTICATED`).'),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const id = c.req.valid('header')['webhook-id'];
      // As it was sent: what is checked above may have left fields out.
      const sent: unknown = await c.req.json();
      const body = isJsonObject(sent) ? sent : {};
      const type = typeof body['type'] === 'string' ? body['type'] : '';
      const consumer = { ...api.orders, patienceMs: api.config.inbox.patienceMs };
      const message = { channel, source: `webhook:${channel}`, id, type, data: body['data'] };
      const receipt = await receiveMessage(consumer, message);
      if (receipt.state === 'UNKNOWN_TYPE') {
        api.logger.warn({ webhook_id: id, channel, type: type.slice(0, MAX_SHOWN) }, 'webhook of unknown type');
      }
      refuseFaults(api, id, receipt);
      // Whoever sends charges has always been asked to send them again.
      if (receipt.error !== undefined && channel === 'payments') throw receipt.error;
      const effect = effectOf(receipt);
      return effect === 'IGNORED' || effect === 'KEPT'
        ? c.json({ webhook_id: id, effect }, 202)
        : c.json({ webhook_id: id, effect }, 200);
    },
  });
}

const MAX_SHOWN = 100;

/** What a service gets wrong is to be seen here, too: it may not read the answers. */
function refuseFaults({ logger }: Api, id: string, { faults }: Receipt): void {
  if (faults.length === 0) return;
  const details = faults.map(({ pointer, message }) => ({ pointer: `/data${pointer}`, message }));
  logger.warn({ webhook_id: id, faults: details }, 'webhook refused');
  throw invalidRequest(details);
}

function effectOf({ state, isRepeated, effect }: Receipt): Effect {
  if (isRepeated) return 'REPEATED';
  switch (state) {
    case 'UNKNOWN_TYPE':
    case 'DEAD':
    case 'IGNORED':
      return 'IGNORED';
    case 'WAITING':
    case 'RECEIVED':
      return 'KEPT';
    case 'APPLIED':
      return effect === undefined || effect === 'UNKNOWN_ORDER' || effect === 'MISMATCH' ? 'APPLIED' : effect;
    default:
      return state satisfies never;
  }
}
