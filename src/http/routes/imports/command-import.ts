import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Import, ImportCommandName, ImportStatus } from '../../../domain/import.ts';
import { findImport } from '../../../repositories/import-repository.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { importSchema, importView } from './import-view.ts';
import { importers, importParams, importProblems, visibleImport } from './visible-import.ts';
import { ProblemError } from '../../problems/problem.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { claimCommandId } from '../../../orders/idempotency.ts';

const commandSchema = z.strictObject({ reason: reason.optional() }).openapi('ImportCommand');

/** `POST /imports/{id}/pause`: places no more orders until it is resumed. */
export function pauseImportRoute(api: Api) {
  return commandRoute(api, {
    path: '/api/v1/imports/{id}/pause',
    operationId: 'pauseImport',
    summary: 'Pause an import',
    description: 'No more orders are placed until it is resumed; those under way go on.',
    reaches: 'PAUSED',
  });
}

/** `POST /imports/{id}/resume`: goes on with a paused import. */
export function resumeImportRoute(api: Api) {
  return commandRoute(api, {
    path: '/api/v1/imports/{id}/resume',
    operationId: 'resumeImport',
    summary: 'Go on with a paused import',
    description: 'One that is not paused goes on as it was.',
    reaches: 'RUNNING',
  });
}

/** `POST /imports/{id}/cancel`: gives up what has not been placed. */
export function cancelImportRoute(api: Api) {
  return commandRoute(api, {
    path: '/api/v1/imports/{id}/cancel',
    operationId: 'cancelImport',
    summary: 'Cancel an import',
    description: 'What has not been placed is given up and told by its errors as CANCELLED; what is placed stays.',
    reaches: 'CANCELLED',
  });
}

interface CommandRoute<Path extends string> {
  readonly path: Path;
  readonly operationId: ImportCommandName;
  readonly summary: string;
  readonly description: string;
  readonly reaches: ImportStatus;
}

function commandRoute<Path extends `/api/v1/imports/{id}/${string}`>(api: Api, { reaches, ...at }: CommandRoute<Path>) {
  const route = createRoute({
    ...at,
    method: 'post',
    tags: ['imports'],
    security: needsToken,
    middleware: api.allow(...importers),
    request: {
      params: importParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: false, content: { 'application/json': { schema: commandSchema } } },
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
      const job = await visibleImport(db, caller, c.req.valid('param').id);
      const asked = c.req.valid('json');
      const request = { key: c.req.valid('header')['Idempotency-Key'], asked };
      const id = await claimCommandId(api.database.db, caller, { target: job.id, name: at.operationId }, request);
      refuseEnded(job, reaches);
      if (job.completedAt) return c.json(await importView(db, job), 200);
      const command = { actor: caller.actor, reason: asked.reason ?? '', command_id: id };
      const done = await api.importCommands.send(job, at.operationId, command, api.config.order.waitMs);
      const view = await importView(db, (await findImport(db, job.id)) ?? job);
      return done ? c.json(view, 200) : c.json(view, 202);
    },
  });
}

/** What has ended can't be commanded any more, except to be what it is. */
function refuseEnded({ status }: Import, reaches: ImportStatus): void {
  if (status !== 'COMPLETED' && (status !== 'CANCELLED' || reaches === 'CANCELLED')) return;
  throw new ProblemError('ORD005', `The import is ${status} and has ended.`, {
    details: [{ from: status, to: reaches, allowed: [] }],
  });
}
