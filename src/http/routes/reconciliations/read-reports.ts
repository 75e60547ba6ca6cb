import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { Refusal } from '../../../domain/refusal.ts';
import { isUuid } from '../../../domain/uuid.ts';
import { writeDifferencesCsv } from './differences-csv.ts';
import {
  countDifferences,
  findDifferences,
  findPaymentReport,
  findPaymentReports,
} from '../../../repositories/payment-reports.ts';
import type { Db } from '../../../repositories/schema.ts';
import type { Api } from '../../api.ts';
import { csv, csvResponse } from '../../schemas/csv-response.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import {
  reportParams,
  reportSchema,
  reportView,
  reportWithDifferencesSchema,
  reportWithDifferencesView,
} from './report-schemas.ts';

/** Reports that a list holds: a quarter of nights. */
const LISTED = 100;

/** Differences that are shown with a report. */
const SHOWN = 1_000;

/** `GET /reconciliations`: the latest reports. */
export function listReconciliationsRoute({ allow, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reconciliations',
    operationId: 'listReconciliations',
    summary: 'List the latest comparisons with the payment service',
    description: 'The newest first, the nightly ones among them.',
    tags: ['reconciliations'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    responses: { 200: json(wholeListSchema(reportSchema), 'The reports, the newest first.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => c.json(wholeList((await findPaymentReports(db, LISTED)).map(reportView)), 200),
  });
}

/** `GET /reconciliations/{id}`: a report and what it found. */
export function getReconciliationRoute({ allow, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reconciliations/{id}',
    operationId: 'getReconciliation',
    summary: 'Read a comparison with the payment service',
    description: 'How far it is, and what it has found by now, with what to do about each difference.',
    tags: ['reconciliations'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { params: reportParams },
    responses: {
      200: json(reportWithDifferencesSchema, 'The report, with what to do about each difference.'),
      ...problemResponses(404),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const report = await requireReport(db, c.req.valid('param').id);
      const differences = await findDifferences(db, report.id, { after: 0, limit: SHOWN });
      return c.json(reportWithDifferencesView(report, await countDifferences(db, report.id), differences), 200);
    },
  });
}

/** `GET /reconciliations/{id}/differences`: every difference as CSV. */
export function getDifferencesRoute({ allow, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reconciliations/{id}/differences',
    operationId: 'getReconciliationDifferences',
    summary: 'Download the differences of a comparison',
    description: 'All of them, as CSV. While the comparison is `RUNNING` these are the ones that were found by now.',
    tags: ['reconciliations'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { params: reportParams },
    responses: { 200: csv('Every difference, with what to do.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = await requireReport(db, c.req.valid('param').id);
      return csvResponse(writeDifferencesCsv(db, id), `reconciliation-${id}.csv`);
    },
  });
}

async function requireReport(db: Db, id: string) {
  const report = isUuid(id) ? await findPaymentReport(db, id) : undefined;
  if (!report) throw new Refusal('NOT_FOUND', 'There is no such report.');
  return report;
}
