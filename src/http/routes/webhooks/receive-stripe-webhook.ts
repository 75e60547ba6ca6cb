import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { readInboundEvent } from '../../../events/catalogue/read-inbound-event.ts';
import { GatewayError } from '../../../gateways/gateway-error.ts';
import { isFailureDecidable } from '../../../orders/record-failed-refund.ts';
import { PAYMENT_SERVICE_ACTOR } from '../../../domain/order.ts';
import { receiveMessage } from '../../../events/consume/receive-message.ts';
import { REFUND_FAILED, type StripeNews } from '../../../gateways/stripe/read-event.ts';
import { stripeEventReader } from '../../../gateways/stripe/stripe-events.ts';
import { stripeRecords } from '../../../repositories/stripe-intents.ts';
import { faultOfStripeHeader, faultOfStripeSignature } from '../../../stripe-signature.ts';
import type { Api } from '../../api.ts';
import type { ApiEnv } from '../../env.ts';
import { refuseUnsigned } from '../../middleware/require-signature.ts';
import { bodyStatuses, describeProblem, json, problemResponses } from '../../schemas/responses.ts';

const receiptSchema = z
  .strictObject({ event_id: z.string(), effect: z.enum(['APPLIED', 'IGNORED']) })
  .openapi('StripeReceipt', {
    description:
      'APPLIED: what Stripe says now of what the event is about is known to the order. IGNORED: it means nothing here.',
  });

const id = z.string().min(1).max(255);

const eventSchema = z
  .looseObject({
    id,
    type: id,
    data: z.looseObject({
      object: z.looseObject({
        id: id.optional(),
        payment_intent: z.union([id, z.looseObject({ id })]).nullish(),
      }),
    }),
  })
  .openapi('StripeEvent', {
    example: {
      id: 'evt_1',
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_1', object: 'payment_intent' } },
    },
  });

/**
 * The route of Stripe's events. An event says where to look and nothing else of it is believed: what became of the payment is read from
 * Stripe. An event that can't be applied now is answered with 503, and Stripe sends it again for three days.
 */
export function receiveStripeWebhookRoute(api: Api) {
  const { stripe } = api.config.gateways;
  const read = stripe && stripeEventReader(stripe, stripeRecords(api.orders.db), api.logger);
  const secrets = stripe?.webhookSecrets ?? [];
  const { 403: _, ...problems } = problemResponses(...bodyStatuses);
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhooks/stripe',
    operationId: 'receiveStripeWebhook',
    summary: 'Say that something has happened at Stripe',
    description:
      'For Stripe: an event, signed with one of `STRIPE_WEBHOOK_SECRETS`, at most five minutes old. What it is about is read from Stripe, so ' +
      'that events may come doubled and in any order. Payments of other systems are acknowledged and left alone.',
    tags: ['payments'],
    security: [{ stripeSignature: [] }],
    middleware: [requireHeader(api, secrets), requireSigned(api, secrets)] as const,
    request: { body: { required: true, content: { 'application/json': { schema: eventSchema } } } },
    responses: {
      200: json(receiptSchema, 'It has been received.'),
      ...problems,
      401: describeProblem(401, 'The signature is missing, wrong or too old (`UNAUTHENTICATED`).'),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const event = c.req.valid('json');
      const { id: objectId, payment_intent: intent } = event.data.object;
      const subject = { type: event.type, intentId: typeof intent === 'string' ? intent : intent?.id };
      const news = objectId === undefined ? [] : ((await read?.({ ...subject, objectId })) ?? []);
      for (const one of news) await apply(api, event.id, one);
      return c.json({ event_id: event.id, effect: news.length > 0 ? ('APPLIED' as const) : ('IGNORED' as const) }, 200);
    },
  });
}

async function apply(api: Api, eventId: string, news: StripeNews): Promise<void> {
  if (news.kind === 'look up') {
    const { orderId, idempotencyKey } = news;
    await api.orders.commands.tellSettled(orderId, {
      idempotency_key: idempotencyKey,
      actor: PAYMENT_SERVICE_ACTOR,
      reason: 'Stripe has news of this payment',
      command_id: `stripe:${eventId}`,
    });
    return;
  }
  const consumer = { ...api.orders, patienceMs: api.config.inbox.patienceMs };
  const message = {
    channel: 'payments',
    source: 'webhook:stripe',
    id: news.id,
    type: news.type,
    data: news.data,
  } as const;
  await requireDecidable(api, news);
  const { error } = await receiveMessage(consumer, message);
  if (error !== undefined) throw error;
}

/** While a refund that has failed is not on record yet, it may be made once more: Stripe is asked again when it sends the event again. */
async function requireDecidable(api: Api, { type, data }: Extract<StripeNews, { kind: 'event' }>): Promise<void> {
  if (type !== REFUND_FAILED) return;
  const read = readInboundEvent(type, data);
  if ('faults' in read || read.event.kind !== 'failed refund') return;
  if (await isFailureDecidable(api.orders.db, read.event.refund)) return;
  throw new GatewayError('unknown', 'payment', 'the refund is not on record yet: send the event again later');
}

function requireHeader({ limits }: Api, secrets: readonly string[]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const fault =
      secrets.length === 0
        ? 'No secret is configured to check signatures with'
        : faultOfStripeHeader(c.req.header('stripe-signature'));
    if (fault !== undefined) await refuseUnsigned(c, limits, fault);
    await next();
  };
}

function requireSigned({ limits }: Api, secrets: readonly string[]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const fault = faultOfStripeSignature(secrets, c.req.header('stripe-signature'), await c.req.text());
    if (fault !== undefined) await refuseUnsigned(c, limits, fault);
    await limits.countWebhook(c);
    await next();
  };
}
