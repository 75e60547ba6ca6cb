import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { changeEndpoint } from '../../../events/webhooks/manage-endpoints.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import {
  endpointChangesSchema,
  endpointParams,
  endpointSchema,
  endpointView,
  noSuchEndpoint,
} from '../../schemas/webhook-endpoint-schema.ts';

/** `PATCH /webhook-endpoints/{id}`: changes an endpoint, switches it off or on again. */
export function changeWebhookEndpointRoute({ allow, endpoints }: Api) {
  const route = createRoute({
    method: 'patch',
    path: '/api/v1/webhook-endpoints/{id}',
    operationId: 'changeWebhookEndpoint',
    summary: 'Change a webhook endpoint',
    description:
      'What is left out stays as it is. Events go on to wait for an endpoint that is disabled; enabling it sends them in order.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: {
      params: endpointParams,
      body: { required: true, content: { 'application/json': { schema: endpointChangesSchema } } },
    },
    responses: {
      200: json(endpointSchema, 'The endpoint, changed.'),
      ...problemResponses(...bodyStatuses),
      ...noSuchEndpoint,
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { event_types: eventTypes, ...others } = c.req.valid('json');
      const changes = { ...others, ...(eventTypes && { eventTypes }) };
      return c.json(endpointView(await changeEndpoint(endpoints, c.req.valid('param').id, changes)), 200);
    },
  });
}
