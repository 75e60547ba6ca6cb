import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { listEndpoints } from '../../../repositories/webhook-endpoints.ts';
import type { Api } from '../../api.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { endpointSchema, endpointView } from '../../schemas/webhook-endpoint-schema.ts';
import { cutPage } from '../../../repositories/cut-page.ts';

const query = z.strictObject({
  limit: pageLimit,
  cursor: z.uuid().optional().openapi({ description: '`next_cursor` of the page before.' }),
});

const pageSchema = z
  .strictObject({
    data: z.array(endpointSchema),
    next_cursor: z.string().nullable().openapi({ description: 'For the next page; null at the end.' }),
  })
  .openapi('WebhookEndpointPage');

/** `GET /webhook-endpoints`: endpoints, the oldest first, page by page. */
export function listWebhookEndpointsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: 'List webhook endpoints',
    description: 'All of them, disabled ones included, the oldest first. The next page has the `cursor` of this one.',
    tags: ['webhooks'],
    security: needsToken,
    middleware: allow('admin'),
    request: { query },
    responses: { 200: json(pageSchema, 'A page of endpoints.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, cursor } = c.req.valid('query');
      // One more than the page holds, to know whether there is another page.
      const found = await listEndpoints(database.db, limit + 1, cursor);
      const { page, last } = cutPage(found, limit);
      return c.json({ data: page.map(endpointView), next_cursor: last?.id ?? null }, 200);
    },
  });
}
