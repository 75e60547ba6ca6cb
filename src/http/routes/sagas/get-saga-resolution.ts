import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { resolvedStates } from '../../../domain/saga-resolution.ts';
import { isUuid } from '../../../domain/uuid.ts';
import { findResolution, listDecisions, readCounts } from '../../../repositories/saga-resolutions.ts';
import type { Api } from '../../api.ts';
import { ProblemError } from '../../problems/problem.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { describeProblem, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { resolutionReportSchema, resolutionView } from './resolution-schemas.ts';

/** `GET /sagas/resolve/{id}`: how far a resolution has come, and what became of each order. */
export function getSagaResolutionRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/sagas/resolve/{id}',
    operationId: 'getSagaResolution',
    summary: 'Read how a resolution of many steps goes',
    description: 'Its progress, and page by page what became of each order and where the order stands now.',
    tags: ['saga'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: {
      params: z.object({
        id: z.string().openapi({
          param: { name: 'id', in: 'path' },
          description: 'The id of the resolution, as the answer to `POST /sagas/resolve` has it.',
          example: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
        }),
      }),
      query: z.strictObject({
        state: z.enum(resolvedStates).optional().openapi({ description: 'Only orders of which this became.' }),
        limit: pageLimit,
        cursor: cursorField,
      }),
    },
    responses: {
      200: json(resolutionReportSchema, 'The report.'),
      ...problemResponses(400),
      404: describeProblem(404, 'No such resolution (`NOT_FOUND`).'),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const { state, limit, cursor } = c.req.valid('query');
      const { db } = database;
      const resolution = isUuid(id) ? await findResolution(db, id) : undefined;
      if (!resolution) throw new ProblemError('NOT_FOUND', 'There is no such resolution.');
      const filters = [id, state];
      const from = cursor === undefined ? 0 : Number(readCursor(cursor, filters, isPosition).id);
      const orders = await listDecisions(db, id, { from, limit: limit + 1, state });
      const next = orders[limit];
      const view = resolutionView(resolution, await readCounts(db, resolution));
      const data = orders.slice(0, limit).map((order) => ({
        order_id: order.orderId,
        order_number: order.orderNumber,
        step: order.step,
        state: order.state,
        detail: order.detail,
        at: order.at?.toISOString() ?? null,
        status: order.status,
        saga_state: order.sagaState,
      }));
      const nextCursor = next && writeCursor({ at: view.created_at, id: String(next.position) }, filters);
      return c.json({ ...view, data, next_cursor: nextCursor ?? null }, 200);
    },
  });
}

function isPosition(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
