import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { resolutions } from '../../../domain/messages.ts';
import { resolutionStatuses } from '../../../domain/saga-resolution.ts';
import { isUuid } from '../../../domain/uuid.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { pageLimit, refuseBackwards } from '../../../orders/query-fields.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { comparedLine, moment } from '../../../orders/text-schemas.ts';
import { listResolutions } from '../../../repositories/list-resolutions.ts';
import type { Api } from '../../api.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { resolutionSchema, resolutionView } from './resolution-schemas.ts';

const listQuery = z
  .strictObject({
    status: z.enum(resolutionStatuses).optional().openapi({ description: 'Those that still run, or have ended.' }),
    action: z.enum(resolutions).optional().openapi({ description: 'Those that decided so.' }),
    actor: comparedLine(255)
      .optional()
      .openapi({ description: 'Whose decisions: the `sub` of their token.', example: 'olga' }),
    from: moment.meta({ description: 'Made at or after.', example: '2026-11-01' }),
    to: moment.meta({ description: 'Made before.', example: '2026-12-01' }),
    limit: pageLimit,
    cursor: cursorField,
  })
  .superRefine(refuseBackwards);

const pageSchema = z
  .strictObject({ data: z.array(resolutionSchema), next_cursor: z.string().nullable() })
  .openapi('SagaResolutionPage');

/** `GET /sagas/resolve`: who decided on many parked steps at once and when, and what came of it, the newest first. */
export function listSagaResolutionsRoute({ allow, config, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/sagas/resolve',
    operationId: 'listSagaResolutions',
    summary: 'List resolutions of many steps',
    description:
      'Who decided on many parked steps at once, when, why and on which, and what came of it, the newest first. What became of each order: ' +
      '`GET /sagas/resolve/{id}`.',
    tags: ['saga'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { query: listQuery },
    responses: { 200: json(pageSchema, 'A page of them.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { status, action, actor, from, to, limit, cursor } = c.req.valid('query');
      const filters = [status, action, actor, from, to];
      const zone = config.order.timeZone;
      const { listed, next } = await listResolutions(db, {
        isCompleted: status === undefined ? undefined : status === 'COMPLETED',
        action,
        subject: actor,
        from: from === undefined ? undefined : readMoment(from, zone),
        to: to === undefined ? undefined : readMoment(to, zone),
        limit,
        after: cursor === undefined ? undefined : readCursor(cursor, filters, isUuid),
      });
      const data = listed.map(({ resolution, counts }) => resolutionView(resolution, counts));
      return c.json({ data, next_cursor: next ? writeCursor(next, filters) : null }, 200);
    },
  });
}
