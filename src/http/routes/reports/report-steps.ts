import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { sagaActions } from '../../../domain/saga.ts';
import { selectFailedSteps } from '../../../repositories/recent-figures.ts';
import type { Api } from '../../api.ts';
import { recentQuery, recentRange, report, reportSchema } from '../../schemas/report-query.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';

const count = z.int().min(0);

const stepsSchema = reportSchema(
  z.strictObject({
    step: z.enum(sagaActions),
    orders: count.openapi({ description: 'Orders in which it did not succeed at its first attempt.' }),
    retried: count.openapi({ description: 'Those in which it took more than one attempt.' }),
    refused: count.openapi({ description: 'Those in which it was refused: out of stock, declined, rejected.' }),
    parked: count.openapi({ description: 'Those in which it waits for an operator now.' }),
    decided: count.openapi({ description: 'Those in which an operator has skipped or resolved it.' }),
  }),
).openapi('StepsReport');

/** `GET /reports/steps`: which steps fail. */
export function reportStepsRoute({ allow, config, reader, reporting }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reports/steps',
    operationId: 'reportSteps',
    summary: 'Read which steps fail',
    description:
      'By step and compensation: in how many orders it did not succeed at once, the most troubled first. One that always succeeded is left out.',
    tags: ['reports'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: recentQuery('Steps begun') },
    responses: { 200: json(stepsSchema, 'The report.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const range = recentRange(c.req.valid('query'), config.order.timeZone);
      const { rows } = await reporting(() =>
        reader.read(c.get('caller').subject, (db) => selectFailedSteps(range).execute(db)),
      );
      return c.json(report(range, rows), 200);
    },
  });
}
