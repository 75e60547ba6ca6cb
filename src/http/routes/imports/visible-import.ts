import { z } from '@hono/zod-openapi';
import type { Import } from '../../../domain/import.ts';
import { findImport } from '../../../repositories/import-repository.ts';
import { isUuid } from '../../../domain/uuid.ts';
import type { Db } from '../../../repositories/schema.ts';
import { ProblemError } from '../../problems/problem.ts';
import { problemResponses } from '../../schemas/responses.ts';
import { hasRole, type Caller } from '../../../domain/caller.ts';

/** Who may import, and see what they imported. */
export const importers = ['service', 'admin'] as const;

/** The path parameters of every route below one import. */
export const importParams = z.object({
  id: z.string().openapi({ param: { name: 'id', in: 'path' }, example: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001' }),
});

/** The import, if the caller may see it: their own, or any for an administrator. Otherwise rejects, which tells nothing of why. */
export async function visibleImport(db: Db, caller: Caller, id: string): Promise<Import> {
  const job = isUuid(id) ? await findImport(db, id) : undefined;
  if (job && (job.subject === caller.subject || hasRole(caller, ['admin']))) return job;
  throw new ProblemError('NOT_FOUND', `There is no import "${id.slice(0, 64)}", or it is not yours.`);
}

/** The documented problems of a route below one import; those of a body come with the routes that take one. */
export function importProblems() {
  const { 404: notFound, ...others } = problemResponses(400, 404);
  return { ...others, 404: { ...notFound, description: 'No such import, or not yours (`NOT_FOUND`).' } };
}
