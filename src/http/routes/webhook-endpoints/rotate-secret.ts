import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { rotateSecret } from '../../../events/webhooks/manage-endpoints.ts';
import type { Api } from '../../api.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import {
  endpointParams,
  endpointView,
  endpointWithSecretSchema,
  noSuchEndpoint,
} from '../../schemas/webhook-endpoint-schema.ts';

/** `POST /webhook-endpoints/{id}/rotate-secret`: a new secret, with the one before valid for a while. */
export function rotateWebhookSecretRoute({ allow, endpoints }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/webhook-endpoints/{id}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook endpoint a new secret',
    description:
      'Messages are signed with both secrets for `WEBHOOK_SECRET_OVERLAP`, so that the receiver can change over without missing one.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { params: endpointParams },
    responses: {
      200: json(endpointWithSecretSchema, 'The endpoint and its new secret.'),
      ...problemResponses(),
      ...noSuchEndpoint,
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { endpoint, secret } = await rotateSecret(endpoints, c.req.valid('param').id);
      return c.json({ ...endpointView(endpoint), secret }, 200);
    },
  });
}
