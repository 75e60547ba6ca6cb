import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { ImportCommandName } from '../../../domain/import.ts';
import { commandImport } from '../../../imports/command-import.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { importSchema, importView } from './import-view.ts';
import { importParams, importProblems } from './import-params.ts';
import { findVisibleImport, importViewers } from '../../../imports/find-visible-import.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';

/** The body of every command of an import. */
export const importCommandSchema = z.strictObject({ reason: reason.optional() }).openapi('ImportCommand');

/** `POST /imports/{id}/pause`: places no more orders until it is resumed. */
export function pauseImportRoute(api: Api) {
  return commandRoute(api, {
    path: '/api/v1/imports/{id}/pause',
    operationId: 'pauseImport',
    summary: 'Pause an import',
    description: 'No more orders are placed until it is resumed; orders that were placed go on.',
  });
}

/** `POST /imports/{id}/resume`: goes on with a paused import. */
export function resumeImportRoute(api: Api) {
  return commandRoute(api, {
    path: '/api/v1/imports/{id}/resume',
    operationId: 'resumeImport',
    summary: 'Go on with a paused import',
    description: 'One that is not paused goes on as it was.',
  });
}

/** `POST /imports/{id}/cancel`: gives up what has not been placed. */
export function cancelImportRoute(api: Api) {
  return commandRoute(api, {
    path: '/api/v1/imports/{id}/cancel',
    operationId: 'cancelImport',
    summary: 'Cancel an import',
    description:
      'Orders that have not been placed are not placed any more, and are listed in the errors as CANCELLED; placed orders stay.',
  });
}

interface CommandRoute<Path extends string> {
  readonly path: Path;
  readonly operationId: ImportCommandName;
  readonly summary: string;
  readonly description: string;
}

function commandRoute<Path extends `/api/v1/imports/{id}/${string}`>(api: Api, at: CommandRoute<Path>) {
  const route = createRoute({
    ...at,
    method: 'post',
    tags: ['imports'],
    security: needsToken,
    middleware: api.allow(...importViewers),
    request: {
      params: importParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: false, content: { 'application/json': { schema: importCommandSchema } } },
    },
    responses: {
      200: json(importSchema, 'It is done.'),
      202: json(importSchema, 'It is being done.'),
      ...problemResponses(...bodyStatuses, 422),
      ...importProblems(),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { db } = api.database;
      const job = await findVisibleImport(db, caller, c.req.valid('param').id);
      const { job: after, isDone } = await commandImport(api.imports, caller, job, {
        name: at.operationId,
        reason: c.req.valid('json').reason,
        key: c.req.valid('header')['Idempotency-Key'],
      });
      const view = await importView(db, after);
      return isDone ? c.json(view, 200) : c.json(view, 202);
    },
  });
}
