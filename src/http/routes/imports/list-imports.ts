import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { importStatuses } from '../../../domain/import.ts';
import { isUuid } from '../../../domain/uuid.ts';
import { importViewers, subjectSeenBy } from '../../../imports/find-visible-import.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { flag, pageLimit, refuseBackwards } from '../../../orders/query-fields.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { moment } from '../../../orders/text-schemas.ts';
import { listImports as readPage } from '../../../repositories/list-imports.ts';
import type { Api } from '../../api.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { importSchema, listedImportView } from './import-view.ts';

const importListQuery = z
  .strictObject({
    status: z.enum(importStatuses).optional().openapi({ description: 'Imports that have this status.' }),
    from: moment.meta({ description: 'Sent at or after.', example: '2026-11-01' }),
    to: moment.meta({ description: 'Sent before.', example: '2026-12-01' }),
    has_failed: flag('Only imports with orders that failed, as long as the rows of those are kept.'),
    acknowledged: flag('Only imports that somebody has acknowledged; with false only the others.'),
    limit: pageLimit,
    cursor: cursorField,
  })
  .superRefine(refuseBackwards);

const pageSchema = z
  .strictObject({
    data: z.array(importSchema),
    next_cursor: z.string().nullable().openapi({ description: 'For the next page; null at the end.' }),
  })
  .openapi('ImportPage');

/** `GET /imports`: who imported what and when, and what became of it, the newest first. */
export function listImportsRoute({ allow, config, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/imports',
    operationId: 'listImports',
    summary: 'List imports',
    description:
      'Files and batches with who sent them, when, and what became of their orders, the newest first. A service sees its own, operators ' +
      'and administrators all of them. The next page has the same filters and the `cursor` of this one.',
    tags: ['imports'],
    security: needsToken,
    middleware: allow(...importViewers),
    request: { query: importListQuery },
    responses: { 200: json(pageSchema, 'A page of imports.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { status, from, to, has_failed: failedOnly = false, acknowledged, limit, cursor } = c.req.valid('query');
      const subject = subjectSeenBy(c.get('caller'));
      const filters = [subject, status, from, to, failedOnly, acknowledged];
      const zone = config.order.timeZone;
      const { imports, next } = await readPage(db, {
        subject,
        status,
        from: from === undefined ? undefined : readMoment(from, zone),
        to: to === undefined ? undefined : readMoment(to, zone),
        failedOnly,
        isAcknowledged: acknowledged,
        limit,
        after: cursor === undefined ? undefined : readCursor(cursor, filters, isUuid),
      });
      return c.json(
        { data: imports.map(listedImportView), next_cursor: next ? writeCursor(next, filters) : null },
        200,
      );
    },
  });
}
