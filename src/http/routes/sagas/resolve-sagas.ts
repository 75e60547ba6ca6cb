import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { previewResolution, resolveSagas } from '../../../orders/resolve-sagas.ts';
import { readCounts } from '../../../repositories/saga-resolutions.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import {
  previewSchema,
  previewView,
  resolutionRequestSchema,
  resolutionSchema,
  resolutionView,
} from './resolution-schemas.ts';

/** `POST /sagas/resolve`: an operator decides on many parked steps at once. */
export function resolveSagasRoute({ allow, database, logger, startResolution }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/sagas/resolve',
    operationId: 'resolveSagas',
    summary: 'Resolve many parked steps',
    description:
      'The decision of `POST /orders/{id}/saga/{step}` on every step that the filter finds parked now. With `dry_run` it only tells which these are, what ' +
      'the action does to each, and what their orders come to. Otherwise a durable workflow decides on each of them once, a few at a time; a step that ' +
      'has left its parked state meanwhile is reported as such and not touched. Its progress and what became of each: `GET /sagas/resolve/{id}`.',
    tags: ['saga'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: {
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: resolutionRequestSchema } } },
    },
    responses: {
      200: json(previewSchema, 'What it would be about.'),
      202: json(resolutionSchema, 'It is registered and goes on by itself.', {
        Location: { description: 'Where its report is found.', required: true, schema: { type: 'string' } },
      }),
      ...problemResponses(...bodyStatuses, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { dry_run: isDryRun = false, filter: given, action, reason } = c.req.valid('json');
      const { db } = database;
      const { order_ids: orderIds, step, error, before } = given;
      const filter = {
        ...(orderIds && { order_ids: orderIds }),
        ...(step && { step }),
        ...(error !== undefined && { error }),
        ...(before !== undefined && { before }),
      };
      if (isDryRun) return c.json(previewView(await previewResolution(db, { filter }), action), 200);
      const key = c.req.valid('header')['Idempotency-Key'];
      const request = { filter, action, reason };
      const resolution = await resolveSagas({ db, logger, startResolution }, c.get('caller'), request, key);
      const view = resolutionView(resolution, await readCounts(db, resolution));
      return c.json(view, 202, { Location: `/api/v1/sagas/resolve/${resolution.id}` });
    },
  });
}
