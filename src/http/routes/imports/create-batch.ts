import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { importPath, importSchema, importView } from './import-view.ts';
import { isStorable } from '../../../imports/storable.ts';
import { importers } from '../../../imports/find-visible-import.ts';
import { bodyStatuses, json, needsToken, problemResponses, startedImportHeaders } from '../../schemas/responses.ts';
import { line } from '../../../orders/text-schemas.ts';
import { uploadBatch } from '../../../imports/upload-batch.ts';

/** Larger batches are sent as a file. */
const MAX_ORDERS = 1_000;

const batchSchema = z
  .strictObject({
    orders: z
      .array(
        z
          .looseObject({ order_reference: line(200).optional() })
          .refine(isStorable, 'must not hold NUL, halves of characters, or more than eight levels'),
      )
      .min(1)
      .max(MAX_ORDERS),
  })
  .openapi('OrderBatch', {
    properties: {
      orders: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_ORDERS,
        items: {
          allOf: [
            { $ref: '#/components/schemas/OrderRequest' },
            {
              type: 'object',
              properties: {
                order_reference: {
                  type: 'string',
                  maxLength: 200,
                  description: 'Your own name of the order: sent again, it is placed again only if it had failed.',
                },
              },
            },
          ],
        },
      },
    },
  });

/** `POST /orders/batch`: places up to a thousand orders with one request. */
export function createBatchRoute(api: Api) {
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
      body: { required: true, content: { 'application/json': { schema: batchSchema } } },
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
      const job = await uploadBatch(api.imports, c.get('caller'), c.req.valid('json').orders, key);
      return c.json(await importView(api.database.db, job), 202, { Location: importPath(job.id) });
    },
  });
}
