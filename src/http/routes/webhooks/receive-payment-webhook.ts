import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Order } from '../../../domain/order.ts';
import type { PaymentWebhook, WebhookEffect } from '../../../domain/payment-webhook.ts';
import { isUuid } from '../../../domain/uuid.ts';
import { findOrder } from '../../../repositories/order-repository.ts';
import { markWebhookFollowed, recordPaymentWebhook } from '../../../repositories/payment-webhooks.ts';
import { faultOfSignature, faultOfSignedHeaders } from '../../../webhook-signature.ts';
import type { Api, ApiEnv } from '../../api.ts';
import { paymentWebhookSchema, toPaymentWebhook, webhookHeaders } from '../../schemas/payment-webhook-body.ts';
import { ProblemError } from '../../problems/problem.ts';
import { bodyStatuses, json, problemResponses } from '../../schemas/responses.ts';

const receiptSchema = z
  .strictObject({ webhook_id: z.string(), effect: z.enum(['SIGNALLED', 'RECORDED', 'IGNORED', 'REPEATED']) })
  .openapi('PaymentWebhookReceipt', {
    description:
      'SIGNALLED: the order waits for this charge and goes on. RECORDED: it is known, should the order come to ask. ' +
      'IGNORED: it speaks of no order, or not of its charge. REPEATED: it came before.',
  });

/** `POST /webhooks/payments`: the payment service says by itself how a charge came out. */
export function receivePaymentWebhook(api: Api) {
  // A signature has no roles that could be the wrong ones.
  const { 401: unauthenticated, 403: _, ...problems } = problemResponses(...bodyStatuses);
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhooks/payments',
    operationId: 'receivePaymentWebhook',
    summary: 'Say how a charge came out',
    description:
      'For the payment service: a Standard Webhook, signed with `PAYMENT_WEBHOOK_SECRET`, at most five minutes old. It settles a ' +
      'charge that is pending or whose outcome is unknown. Repeating it with the same `webhook-id` changes nothing; ' +
      'on 503 it is to be sent again.',
    tags: ['payments'],
    security: [{ webhookSignature: [] }],
    middleware: [requireSignedHeaders(api), requireSignature(api)] as const,
    request: {
      headers: webhookHeaders,
      body: { required: true, content: { 'application/json': { schema: paymentWebhookSchema } } },
    },
    responses: {
      200: json(receiptSchema, 'It has been received.'),
      202: json(receiptSchema, 'It has been received and changes nothing.'),
      ...problems,
      401: { ...unauthenticated, description: 'The signature is missing, wrong or too old (`UNAUTHENTICATED`).' },
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const webhook = toPaymentWebhook(c.req.valid('header')['webhook-id'], c.req.valid('json'));
      const known = await recordPaymentWebhook(api.database.db, webhook);
      if (known !== null) return c.json({ webhook_id: webhook.id, effect: 'REPEATED' } as const, 200);
      const effect = await follow(api, webhook);
      await markWebhookFollowed(api.database.db, webhook.id, effect);
      const told = { webhook_id: webhook.id, order_id: webhook.orderId, payment_id: webhook.paymentId, effect };
      if (effect === 'SIGNALLED' || effect === 'RECORDED') {
        api.logger.info(told, 'payment webhook received');
        return c.json({ webhook_id: webhook.id, effect }, 200);
      }
      api.logger.warn(told, 'payment webhook ignored');
      return c.json({ webhook_id: webhook.id, effect: 'IGNORED' } as const, 202);
    },
  });
}

/** Refuses by the headers what can't be signed, before the body is read. */
function requireSignedHeaders({ config }: Api): MiddlewareHandler<ApiEnv> {
  const isConfigured = config.paymentWebhook.secret !== undefined;
  return async (c, next) => {
    const fault = isConfigured
      ? faultOfSignedHeaders(c.req.header())
      : 'No secret is configured to check signatures with';
    if (fault !== undefined) throw unsigned(fault);
    await next();
  };
}

/** Refuses a body that is not signed, before anything is made of it. */
function requireSignature({ config }: Api): MiddlewareHandler<ApiEnv> {
  const { secret = '' } = config.paymentWebhook;
  return async (c, next) => {
    const fault = faultOfSignature(secret, c.req.header(), await c.req.text());
    if (fault !== undefined) throw unsigned(fault);
    await next();
  };
}

function unsigned(fault: string): ProblemError {
  return new ProblemError('UNAUTHENTICATED', `${fault}.`, { headers: { 'WWW-Authenticate': 'Webhook-Signature' } });
}

/** Tells the order's saga when it waits for this charge; when it can't be told, throws, and the message is to come again. */
async function follow({ database, commands }: Api, webhook: PaymentWebhook): Promise<WebhookEffect> {
  const order = isUuid(webhook.orderId) ? await findOrder(database.db, webhook.orderId) : undefined;
  if (!order) return 'UNKNOWN_ORDER';
  if (!isOfOrder(webhook, order)) return 'MISMATCH';
  if (!isWaiting(order)) return 'RECORDED';
  const wasTold = await commands.tellSettled(order.id, {
    idempotency_key: webhook.idempotencyKey,
    actor: 'service:payment',
    reason: `payment ${webhook.outcome}`,
    command_id: `webhook:${webhook.id}`,
  });
  return wasTold ? 'SIGNALLED' : 'RECORDED';
}

function isOfOrder({ idempotencyKey, amountMinor, currency }: PaymentWebhook, order: Order): boolean {
  const isItsKey = idempotencyKey.startsWith(`${order.id}:`);
  return isItsKey && amountMinor === order.totalMinor && currency === order.currency;
}

/** A charge under way whose outcome is not in doubt finds the record by itself, should it come to doubt it. */
function isWaiting({ status, paymentStatus, sagaState }: Order): boolean {
  if (status !== 'PENDING') return false;
  return paymentStatus === 'UNKNOWN' || paymentStatus === 'QUEUED' || sagaState === 'NEEDS_ATTENTION';
}
