import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { orderRequestSchema } from '../../../orders/order-request.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { importPath, importSchema, importView } from './import-view.ts';
import { importers } from '../../../imports/find-visible-import.ts';
import { bodyStatuses, json, needsToken, problemResponses, startedImportHeaders } from '../../schemas/responses.ts';
import { MAX_BATCH_ORDERS, readBatch } from '../../../imports/read-batch.ts';
import { uploadBatch } from '../../../imports/upload-batch.ts';

/** The schema of a batch, for the document only: its orders are looked at one by one, while they come. */
export const orderBatchDocs = {
  type: 'object' as const,
  required: ['orders'],
  additionalProperties: false,
  properties: {
    orders: {
      type: 'array' as const,
      minItems: 1,
      maxItems: MAX_BATCH_ORDERS,
      items: {
        allOf: [
          { $ref: '#/components/schemas/OrderRequest' },
          {
            type: 'object' as const,
            properties: {
              order_reference: {
                type: 'string' as const,
                maxLength: 200,
                description: 'Your own name of the order: sent again, it is placed again only if it had failed.',
              },
            },
          },
        ],
      },
    },
  },
};

/** `POST /orders/batch`: places up to a thousand orders with one request. */
export function createBatchRoute(api: Api) {
  const schema = orderRequestSchema(api.orders.rules);
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/batch',
    operationId: 'createBatch',
    summary: 'Place many orders',
    description:
      'Each order is as for `POST /orders` and placed by itself: one that is refused does not affect the others, and is listed with its ' +
      'reason in the errors of the import. Answers once the batch is durable; its orders are then placed in the background.',
    tags: ['imports'],
    security: needsToken,
    middleware: api.allow(...importers),
    request: {
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/OrderBatch' } } },
      },
    },
    responses: {
      202: json(importSchema, 'The batch is registered and goes on by itself.', startedImportHeaders),
      ...problemResponses(...bodyStatuses, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const key = c.req.valid('header')['Idempotency-Key'];
      const batch = await readBatch(c.get('body') ?? nothing(), schema);
      const job = await uploadBatch(api.imports, c.get('caller'), batch, key);
      return c.json(await importView(api.database.db, job), 202, { Location: importPath(job.id) });
    },
  });
}

/** What a request without a body has. */
async function* nothing(): AsyncGenerator<Uint8Array> {}
