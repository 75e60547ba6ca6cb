import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { readEndpoint } from '../../../events/webhooks/manage-endpoints.ts';
import type { Api } from '../../api.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { endpointParams, endpointSchema, endpointView, noSuchEndpoint } from '../../schemas/webhook-endpoint-schema.ts';

/** `GET /webhook-endpoints/{id}`: one endpoint, without its secret. */
export function getWebhookEndpointRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/webhook-endpoints/{id}',
    operationId: 'getWebhookEndpoint',
    summary: 'Read a webhook endpoint',
    description: 'How it is set up and how it stands; its secret is never shown again.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { params: endpointParams },
    responses: { 200: json(endpointSchema, 'The endpoint.'), ...problemResponses(), ...noSuchEndpoint },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => c.json(endpointView(await readEndpoint(database.db, c.req.valid('param').id)), 200),
  });
}
