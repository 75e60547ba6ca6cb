import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { acknowledgeImport } from '../../../imports/acknowledge-import.ts';
import { findVisibleImport, importOverseers } from '../../../imports/find-visible-import.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { importCommandSchema } from './command-import.ts';
import { importParams, importProblems } from './import-params.ts';
import { importSchema, importView } from './import-view.ts';

/** `POST /imports/{id}/acknowledge`: an operator has seen to what failed. */
export function acknowledgeImportRoute({ allow, database: { db } }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/imports/{id}/acknowledge',
    operationId: 'acknowledgeImport',
    summary: 'Acknowledge what failed of an import',
    description:
      'Somebody has seen to its orders that failed: it waits for nobody any more, and leaves the queue `IMPORT_FAILED`. The first ' +
      'acknowledgement stays. Refused while the import runs, as more may fail, and where no order failed.',
    tags: ['imports'],
    security: needsToken,
    middleware: allow(...importOverseers),
    request: {
      params: importParams,
      body: { required: false, content: { 'application/json': { schema: importCommandSchema } } },
    },
    responses: {
      200: json(importSchema, 'It is acknowledged.'),
      ...problemResponses(...bodyStatuses),
      ...importProblems(),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const job = await findVisibleImport(db, caller, c.req.valid('param').id);
      return c.json(await importView(db, await acknowledgeImport(db, caller, job)), 200);
    },
  });
}
