import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { createEndpoint } from '../../../events/webhooks/manage-endpoints.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { endpointView, endpointWithSecretSchema, newEndpointSchema } from '../../schemas/webhook-endpoint-schema.ts';

/** `POST /webhook-endpoints`: makes a receiver of events. */
export function createWebhookEndpointRoute({ allow, endpoints }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: 'Make a webhook endpoint',
    description:
      'From now on every event of the types that it names is posted there, signed with the secret that this answer shows and no other one does.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { body: { required: true, content: { 'application/json': { schema: newEndpointSchema } } } },
    responses: {
      201: json(endpointWithSecretSchema, 'The endpoint and its secret.'),
      ...problemResponses(...bodyStatuses),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { url, event_types: eventTypes, description, enabled } = c.req.valid('json');
      const { endpoint, secret } = await createEndpoint(endpoints, { url, eventTypes, description, enabled });
      return c.json({ ...endpointView(endpoint), secret }, 201);
    },
  });
}
