import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { countOrdersToStart } from '../../../repositories/workflow-starts.ts';
import type { WorkersView } from '../../../temporal/describe-workers.ts';
import type { Api } from '../../api.ts';
import { wholeListSchema } from '../../schemas/lists.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';

/** Whoever sees so many wait counts no further. */
const MOST_COUNTED = 10_000;

const workerSchema = z
  .strictObject({
    identity: z.string().openapi({ description: 'Its process id and host.', example: '4711@worker-7d9f' }),
    build_id: z
      .string()
      .nullable()
      .openapi({ description: 'The version of its code; null without `WORKER_BUILD_ID`.' }),
    takes: z.array(z.enum(['workflows', 'activities'])),
    last_asked_at: timeSchema.openapi({
      description: 'When it last asked for something to do: at least once a minute.',
    }),
  })
  .openapi('Worker');

const workersSchema = wholeListSchema(workerSchema)
  .extend({
    task_queue: z.string().openapi({ example: 'orders' }),
    orders_to_start: z.int().openapi({
      description: `Orders that are accepted and wait to be started, ${MOST_COUNTED} at most: they wait in PostgreSQL.`,
    }),
    backlog_tasks: z.int().openapi({ description: 'About how many tasks wait for a worker.' }),
    backlog_oldest_seconds: z.int().openapi({ description: 'How long the oldest of them has waited.' }),
    current_build_id: z
      .string()
      .nullable()
      .openapi({ description: 'The version that new orders start on; null while workers have no versions.' }),
    ramping_build_id: z.string().nullable().openapi({ description: 'The version that is being rolled out.' }),
    ramping_percent: z.number().openapi({ description: 'The share of new orders that start on it.' }),
  })
  .openapi('WorkerList');

/** `GET /workers`: which workers run, on which versions, and what waits for them. */
export function listWorkersRoute({ allow, database, describeWorkers }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/workers',
    operationId: 'listWorkers',
    summary: 'List the workers',
    description:
      'For operators: the workers that have asked Temporal for tasks within the last minutes, the version of each, and which version new orders start on.',
    tags: ['saga'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    responses: { 200: json(workersSchema, 'The workers.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const ordersToStart = await countOrdersToStart(database.db, MOST_COUNTED);
      return c.json(toView(await describeWorkers(), ordersToStart), 200);
    },
  });
}

function toView({ taskQueue, workers, backlog, currentBuildId, ramping }: WorkersView, ordersToStart: number) {
  return {
    task_queue: taskQueue,
    orders_to_start: ordersToStart,
    backlog_tasks: backlog.tasks,
    backlog_oldest_seconds: Math.round(backlog.oldestMs / 1_000),
    current_build_id: currentBuildId,
    ramping_build_id: ramping?.buildId ?? null,
    ramping_percent: ramping?.percent ?? 0,
    data: workers.map(({ identity, buildId, takes, lastAskedAt }) => ({
      identity,
      build_id: buildId,
      takes: [...takes],
      last_asked_at: lastAskedAt.toISOString(),
    })),
    next_cursor: null,
  };
}
