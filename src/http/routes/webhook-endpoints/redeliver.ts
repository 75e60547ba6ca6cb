import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { redeliverOne, redeliverSince } from '../../../events/webhooks/redeliver.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { moment } from '../../../orders/text-schemas.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, describeProblem, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { deliverySchema, deliveryView } from '../../schemas/webhook-delivery-schema.ts';
import { endpointParams, noSuchEndpoint } from '../../schemas/webhook-endpoint-schema.ts';

const deliveryParams = endpointParams.extend({
  event_id: z.string().openapi({
    param: { name: 'event_id', in: 'path' },
    description: "The event's id.",
    example: '42',
  }),
});

/** `POST /webhook-endpoints/{id}/deliveries/{event_id}/redeliver`: sends one event again. */
export function redeliverWebhookRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhook-endpoints/{id}/deliveries/{event_id}/redeliver',
    operationId: 'redeliverWebhook',
    summary: 'Send one event to a webhook endpoint again',
    description:
      'Delivered or not, with the same `webhook-id`; an endpoint that is disabled gets it when it is enabled again. ' +
      'The event itself is kept for `OUTBOX_RETENTION`: afterwards it is 404.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { params: deliveryParams },
    responses: {
      202: json(deliverySchema, 'The delivery, which is due now.'),
      ...problemResponses(),
      404: describeProblem(404, 'No such endpoint or delivery, or its event is no longer kept (`NOT_FOUND`).'),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id, event_id: eventId } = c.req.valid('param');
      return c.json(deliveryView(await redeliverOne(database.db, id, eventId)), 202);
    },
  });
}

const sinceSchema = z
  .strictObject({
    since: moment
      .unwrap()
      .meta({ description: 'A time, or a day of the shop’s time zone.', example: '2026-11-26T09:00:00Z' }),
  })
  .openapi('WebhookRedeliveryRequest');

const redeliverySchema = z
  .strictObject({
    redelivered: z.int().openapi({ description: 'Deliveries that are made again.' }),
    gone: z
      .int()
      .openapi({ description: 'Deliveries whose events are older than `OUTBOX_RETENTION` and no longer kept.' }),
  })
  .openapi('WebhookRedelivery');

/** `POST /webhook-endpoints/{id}/redeliver`: sends everything again since a time. */
export function redeliverWebhooksRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhook-endpoints/{id}/redeliver',
    operationId: 'redeliverWebhooks',
    summary: 'Send a webhook endpoint everything again since a time',
    description: 'Delivered or not, each with the same `webhook-id` as before and each order’s events in order.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: {
      params: endpointParams,
      body: { required: true, content: { 'application/json': { schema: sinceSchema } } },
    },
    responses: {
      202: json(redeliverySchema, 'How many deliveries are made again.'),
      ...problemResponses(...bodyStatuses),
      ...noSuchEndpoint,
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const since = readMoment(c.req.valid('json').since, config.order.timeZone);
      return c.json(await redeliverSince(database.db, c.req.valid('param').id, since), 202);
    },
  });
}
