import { z } from '@hono/zod-openapi';
import { describeProblem, problemResponses } from '../../schemas/responses.ts';

/** The path parameters of every route below one import. */
export const importParams = z.object({
  id: z.string().openapi({
    param: { name: 'id', in: 'path' },
    description: 'The id of the import, as the answer to its upload has it.',
    example: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
  }),
});

/** The documented problems of a route below one import; those of a body come with the routes that take one. */
export function importProblems() {
  return {
    ...problemResponses(400),
    404: describeProblem(404, 'No such import, or not yours (`NOT_FOUND`).'),
  };
}
