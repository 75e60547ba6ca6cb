import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { removeEndpoint } from '../../../events/webhooks/manage-endpoints.ts';
import type { Api } from '../../api.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { endpointParams, endpointSchema, endpointView, noSuchEndpoint } from '../../schemas/webhook-endpoint-schema.ts';

/** `DELETE /webhook-endpoints/{id}`: removes an endpoint with its log. */
export function deleteWebhookEndpointRoute({ allow, endpoints }: Api) {
  const route = createRoute({
    method: 'delete',
    path: '/api/v1/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    summary: 'Remove a webhook endpoint',
    description: 'Nothing is sent there any more, not even what has waited. Its log of deliveries goes with it.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { params: endpointParams },
    responses: { 200: json(endpointSchema, 'The endpoint as it was.'), ...problemResponses(), ...noSuchEndpoint },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => c.json(endpointView(await removeEndpoint(endpoints, c.req.valid('param').id)), 200),
  });
}
