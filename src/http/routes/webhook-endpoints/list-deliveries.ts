import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { deliveryStates } from '../../../domain/event-delivery.ts';
import { eventTypes } from '../../../domain/order-event.ts';
import { readEndpoint } from '../../../events/webhooks/manage-endpoints.ts';
import { listEndpointDeliveries } from '../../../repositories/delivery-log.ts';
import type { Api } from '../../api.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { deliverySchema, deliveryView } from '../../schemas/webhook-delivery-schema.ts';
import { endpointParams, noSuchEndpoint } from '../../schemas/webhook-endpoint-schema.ts';
import { cutPage } from '../../../repositories/cut-page.ts';

const query = z.strictObject({
  state: z.enum(deliveryStates).optional().openapi({ description: 'Only deliveries in this state.' }),
  type: z.enum(eventTypes).optional().openapi({ description: 'Only events of this type.' }),
  order_id: z.uuid().optional().openapi({ description: 'Only events of this order.' }),
  limit: pageLimit,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the next_cursor of a page')
    .optional()
    .openapi({ description: '`next_cursor` of the page before.' }),
});

const pageSchema = z
  .strictObject({
    data: z.array(deliverySchema),
    next_cursor: z.string().nullable().openapi({ description: 'For the next page; null at the end.' }),
  })
  .openapi('WebhookDeliveryPage');

/** `GET /webhook-endpoints/{id}/deliveries`: what was sent to an endpoint and what came of it, newest first. */
export function listWebhookDeliveriesRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/webhook-endpoints/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'Read what was sent to a webhook endpoint',
    description:
      'Newest first, kept for `WEBHOOK_DELIVERY_RETENTION`. What is PENDING or DEAD is kept until it is done.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { params: endpointParams, query },
    responses: { 200: json(pageSchema, 'A page of deliveries.'), ...problemResponses(), ...noSuchEndpoint },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { state, type, order_id: subjectId, limit, cursor } = c.req.valid('query');
      const { id } = await readEndpoint(database.db, c.req.valid('param').id);
      const before = cursor === undefined ? undefined : Number(cursor);
      // One more than the page holds, to know whether there is another page.
      const found = await listEndpointDeliveries(database.db, id, { state, type, subjectId, before, limit: limit + 1 });
      const { page, last } = cutPage(found, limit);
      return c.json({ data: page.map(deliveryView), next_cursor: last ? String(last.eventId) : null }, 200);
    },
  });
}
