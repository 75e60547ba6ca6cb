import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { settlePayment } from '../../../orders/settle-payment.ts';
import { faultOfSignature, faultOfSignedHeaders } from '../../../webhook-signature.ts';
import type { PaymentWebhook } from '../../../domain/payment-webhook.ts';
import type { Api } from '../../api.ts';
import { toPaymentWebhook, webhookHeaders, webhookSchema } from '../../schemas/payment-webhook-body.ts';
import { ProblemError } from '../../problems/problem.ts';
import { bodyStatuses, json, describeProblem, problemResponses } from '../../schemas/responses.ts';
import type { ApiEnv } from '../../env.ts';
import type { RateLimits } from '../../middleware/limit-rate.ts';

const receiptSchema = z
  .strictObject({
    webhook_id: z.string(),
    effect: z.enum(['SIGNALLED', 'RECORDED', 'REFUNDED', 'IGNORED', 'REPEATED']),
  })
  .openapi('PaymentWebhookReceipt', {
    description:
      'SIGNALLED: the order waits for this charge and goes on. RECORDED: it is known, should the order come to ask. ' +
      'REFUNDED: nothing is left to pay for, since the order is cancelled or the charge has failed, and what was taken is refunded. ' +
      'IGNORED: it speaks of no order, or not of its charge, or is of a type that means nothing here. REPEATED: it came before.',
  });

/** `POST /webhooks/payments`: the payment service says by itself how a charge came out. */
export function receivePaymentWebhookRoute(api: Api) {
  // A signature has no roles that could be the wrong ones.
  const { 403: _, ...problems } = problemResponses(...bodyStatuses);
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhooks/payments',
    operationId: 'receivePaymentWebhook',
    summary: 'Say how a charge came out',
    description:
      'For the payment service: a Standard Webhook, signed with `PAYMENT_WEBHOOK_SECRET`, at most five minutes old. It settles a ' +
      'charge that is pending or whose outcome is unknown, of an order or of an amendment, and refunds one that nothing is left to pay for. ' +
      'Other types and further fields are acknowledged and left alone. Repeating it with the same `webhook-id` changes nothing; ' +
      'on 429 and 503 it is to be sent again.',
    tags: ['payments'],
    security: [{ webhookSignature: [] }],
    middleware: [requireSignedHeaders(api), requireSignature(api)] as const,
    request: {
      headers: webhookHeaders,
      body: { required: true, content: { 'application/json': { schema: webhookSchema } } },
    },
    responses: {
      200: json(receiptSchema, 'It has been received.'),
      202: json(receiptSchema, 'It has been received and changes nothing.'),
      ...problems,
      401: describeProblem(401, 'The signature is missing, wrong or too old (`UNAUTHENTICATED`).'),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const id = c.req.valid('header')['webhook-id'];
      const webhook = readMessage(api, id, c.req.valid('json'));
      if (!webhook) {
        api.logger.warn(
          { webhook_id: id, type: shown(c.req.valid('json')['type']) },
          'payment webhook of unknown type',
        );
        return c.json({ webhook_id: id, effect: 'IGNORED' } as const, 202);
      }
      const effect = await settlePayment(api.orders, webhook);
      if (effect === 'REPEATED') return c.json({ webhook_id: webhook.id, effect }, 200);
      const told = { webhook_id: webhook.id, order_id: webhook.orderId, payment_id: webhook.paymentId, effect };
      if (effect === 'SIGNALLED' || effect === 'RECORDED' || effect === 'REFUNDED') {
        api.logger.info(told, 'payment webhook received');
        return c.json({ webhook_id: webhook.id, effect }, 200);
      }
      api.logger.warn(told, 'payment webhook ignored');
      return c.json({ webhook_id: webhook.id, effect: 'IGNORED' } as const, 202);
    },
  });
}

/** What the payment service gets wrong is to be seen here, too: it does not read the answers. */
function readMessage({ logger }: Api, id: string, body: z.output<typeof webhookSchema>): PaymentWebhook | undefined {
  try {
    return toPaymentWebhook(id, body);
  } catch (error) {
    logger.warn({ webhook_id: id, err: error }, 'payment webhook refused');
    throw error;
  }
}

/** The type of a message, which may be anything, for the log. */
function shown(type: unknown): string {
  return typeof type === 'string' ? type.slice(0, MAX_SHOWN) : typeof type;
}

const MAX_SHOWN = 100;

/** Refuses by the headers what can't be signed, before the body is read. */
function requireSignedHeaders({ config, limits }: Api): MiddlewareHandler<ApiEnv> {
  const isConfigured = config.paymentWebhook.secret !== undefined;
  return async (c, next) => {
    const fault = isConfigured
      ? faultOfSignedHeaders(c.req.header())
      : 'No secret is configured to check signatures with';
    if (fault !== undefined) await refuseUnsigned(c, limits, fault);
    await next();
  };
}

/** Refuses a body that is not signed, before anything is made of it. */
function requireSignature({ config, limits }: Api): MiddlewareHandler<ApiEnv> {
  const { secret = '' } = config.paymentWebhook;
  return async (c, next) => {
    const fault = faultOfSignature(secret, c.req.header(), await c.req.text());
    if (fault !== undefined) await refuseUnsigned(c, limits, fault);
    await limits.countWebhook(c);
    await next();
  };
}

async function refuseUnsigned(c: Context<ApiEnv>, limits: RateLimits, fault: string): Promise<never> {
  await limits.countFailure(c);
  throw new ProblemError('UNAUTHENTICATED', `${fault}.`, { headers: { 'WWW-Authenticate': 'Webhook-Signature' } });
}
