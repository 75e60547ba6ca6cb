import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { stringify } from 'csv-stringify/sync';
import { escapeFormula } from '../../../imports/escape-formula.ts';
import { refuseBackwards } from '../../../orders/query-fields.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { listAudit, type AuditCursor, type AuditQuery } from '../../../repositories/audit-log.ts';
import type { Db } from '../../../repositories/schema.ts';
import type { Api } from '../../api.ts';
import { csv, csvResponse } from '../../schemas/csv-response.ts';
import { needsToken, problemResponses } from '../../schemas/responses.ts';
import { auditFilters } from './list-audit.ts';

/** `GET /audit/export`: the audit as CSV. */
export function exportAuditRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/audit/export',
    operationId: 'exportAudit',
    summary: 'Export what staff and services did',
    description: 'The entries that `GET /audit` lists with the same filters, as CSV, the newest first.',
    tags: ['audit'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { query: z.strictObject(auditFilters).superRefine(refuseBackwards) },
    responses: { 200: csv('The entries.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { order_id: order, actor: subject, operation, from, to } = c.req.valid('query');
      const zone = config.order.timeZone;
      const filter = {
        order,
        subject,
        operation,
        from: from === undefined ? undefined : readMoment(from, zone),
        to: to === undefined ? undefined : readMoment(to, zone),
      };
      return csvResponse(writeAuditCsv(database.db, filter), 'audit.csv');
    },
  });
}

/** Entries read at once. */
const AT_ONCE = 1_000;

const header = [
  'id',
  'at',
  'actor',
  'roles',
  'operation',
  'order_id',
  'order_number',
  'path',
  'request_id',
  'reason',
  'status',
  'completed_at',
];

/** What people have written can't run as a formula of a spreadsheet. */
async function* writeAuditCsv(db: Db, filter: Omit<AuditQuery, 'limit' | 'after'>): AsyncGenerator<string> {
  // With the first page, so that a database that is away is told as a problem.
  let head = stringify([header]);
  for (let after: AuditCursor | undefined; ;) {
    // The next page begins behind this one.
    // oxlint-disable-next-line no-await-in-loop
    const page = await listAudit(db, { ...filter, limit: AT_ONCE, after });
    yield (
      head +
        stringify(
          page.entries.map((entry) => [
            entry.id,
            entry.at.toISOString(),
            escapeFormula(entry.subject),
            entry.roles.join(' '),
            entry.operation,
            entry.order_id,
            entry.order_number,
            escapeFormula(entry.path),
            escapeFormula(entry.request_id),
            escapeFormula(entry.reason ?? ''),
            entry.status,
            entry.completed_at?.toISOString(),
          ]),
        )
    );
    if (!page.next) return;
    head = '';
    after = page.next;
  }
}
