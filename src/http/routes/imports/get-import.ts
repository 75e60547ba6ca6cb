import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { csv, csvResponse } from '../../schemas/csv-response.ts';
import { requireRows, writeErrorsCsv } from '../../../imports/write-errors-csv.ts';
import { importSchema, importView } from './import-view.ts';
import { importParams, importProblems } from './import-params.ts';
import { findVisibleImport, importViewers } from '../../../imports/find-visible-import.ts';
import { json, needsToken } from '../../schemas/responses.ts';

/** `GET /imports/{id}`: an import and its progress. */
export function getImportRoute({ allow, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/imports/{id}',
    operationId: 'getImport',
    summary: 'See how far an import has come',
    description: 'A batch is an import, too. Its orders are listed by `GET /orders?batch_id=<id>`.',
    tags: ['imports'],
    security: needsToken,
    middleware: allow(...importViewers),
    request: { params: importParams },
    responses: { 200: json(importSchema, 'The import.'), ...importProblems() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const job = await findVisibleImport(db, c.get('caller'), c.req.valid('param').id);
      return c.json(await importView(db, job), 200);
    },
  });
}

/** `GET /imports/{id}/errors`: the rows that failed, to be corrected and sent again. */
export function getImportErrorsRoute({ allow, database: { db } }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/imports/{id}/errors',
    operationId: 'getImportErrors',
    summary: 'Download the rows that failed',
    description:
      "The file's own columns, then `error_code`, `error_message`, `error_line` and `error_order_id`, for every row of an order that failed " +
      'or was not placed. Repair it and send it to `POST /imports` as it is: these four columns are ignored. While the import runs, it has ' +
      'what has failed so far; `IMPORT_RETENTION` (30 days) after its end they are gone. A cell that a spreadsheet would run as a formula begins with an apostrophe, which is taken off on the way in.',
    tags: ['imports'],
    security: needsToken,
    middleware: allow(...importViewers),
    request: { params: importParams },
    responses: { 200: csv('The rows that failed.'), ...importProblems() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const job = await findVisibleImport(db, c.get('caller'), c.req.valid('param').id);
      requireRows(job);
      return csvResponse(writeErrorsCsv(db, job), `import-${job.id}-errors.csv`);
    },
  });
}
