import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { listAudit as readPage } from '../../../repositories/audit-log.ts';
import type { Api } from '../../api.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { entries, refuseBackwards } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { comparedLine, moment } from '../../../orders/text-schemas.ts';
import { roles } from '../../../domain/caller.ts';

/** What entries are chosen by. */
export const auditFilters = {
  order_id: comparedLine(64).optional().openapi({ description: 'An order, by id or order number.' }),
  actor: comparedLine(255)
    .optional()
    .openapi({ description: 'Who did it: the `sub` of their token, or `temporal:` and what they call themselves.' }),
  operation: comparedLine(64)
    .optional()
    .openapi({ description: 'Which operation, by its id in this document.', example: 'refundPayment' }),
  from: moment.meta({ description: 'Done at or after.', example: '2026-11-01' }),
  to: moment.meta({ description: 'Done before.', example: '2026-12-01' }),
};

const auditQuery = z
  .strictObject({ ...auditFilters, limit: entries({ most: 200, usual: 50 }), cursor: cursorField })
  .superRefine(refuseBackwards);

const entrySchema = z
  .strictObject({
    id: z.int(),
    at: timeSchema,
    actor: z.string(),
    roles: z.array(z.enum(roles)),
    operation: z.string().openapi({
      description: 'The operation id of this document, or the command that came past the API.',
      example: 'changeStatus',
    }),
    order_id: z.uuid().nullable(),
    order_number: z.string().nullable().openapi({ example: 'ORD-00000001' }),
    path: z
      .string()
      .openapi({ description: 'What was asked for, with its query.', example: '/api/v1/orders?status=CANCELLED' }),
    request_id: z.string(),
    reason: z.string().nullable(),
    status: z.int().nullable().openapi({ description: 'What was answered; null when it was cut short.' }),
    completed_at: timeSchema.nullable(),
  })
  .openapi('AuditEntry');

const pageSchema = z
  .strictObject({ data: z.array(entrySchema), next_cursor: z.string().nullable() })
  .openapi('AuditPage');

/** `GET /audit`: what staff and services did, newest first. */
export function listAuditRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/audit',
    operationId: 'listAudit',
    summary: 'Read what staff and services did',
    description:
      'Every request of support staff, operators and administrators that may change something, also one that was refused, and every read of ' +
      'orders and imports that are not their own: an order, a list, an export, payments. Of services, every request that may change an order or import. ' +
      "Also every command that came to a workflow past the API, through Temporal, with the workflow's id in its `path`.",
    tags: ['audit'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { query: auditQuery },
    responses: { 200: json(pageSchema, 'A page of it.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { order_id: order, actor: subject, operation, from, to, limit, cursor } = c.req.valid('query');
      const filters = [order, subject, operation, from, to];
      const zone = config.order.timeZone;
      const page = await readPage(database.db, {
        order,
        subject,
        operation,
        from: from === undefined ? undefined : readMoment(from, zone),
        to: to === undefined ? undefined : readMoment(to, zone),
        limit,
        after: cursor === undefined ? undefined : readCursor(cursor, filters, (id) => /^\d{1,15}$/.test(id)),
      });
      const data = page.entries.map((entry) => ({
        id: entry.id,
        at: entry.at.toISOString(),
        actor: entry.subject,
        roles: roles.filter((role) => entry.roles.includes(role)),
        operation: entry.operation,
        order_id: entry.order_id,
        order_number: entry.order_number,
        path: entry.path,
        request_id: entry.request_id,
        reason: entry.reason,
        status: entry.status,
        completed_at: entry.completed_at?.toISOString() ?? null,
      }));
      return c.json({ data, next_cursor: page.next ? writeCursor(page.next, filters) : null }, 200);
    },
  });
}
