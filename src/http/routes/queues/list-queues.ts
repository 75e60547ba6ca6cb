import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { isOrderQueue, workQueues, type OrderQueue, type WorkQueue } from '../../../domain/work-queue.ts';
import { countQueues, MOST_COUNTED } from '../../../repositories/work-queues.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';

const queueSchema = z
  .strictObject({
    queue: z.enum(workQueues).openapi({
      description:
        '`NEEDS_ATTENTION`, `STUCK`, `RETRYING`, `NOT_STARTED`: orders whose saga waits; an order may be in several. `PAYMENT_FAILED`. ' +
        '`BACKORDERED`: goods ran out after they were paid for. `REVIEW`: somebody approves or rejects the order. `REFUND_DUE`: money has to go back by ' +
        'hand. `DISPUTED`. `MESSAGE_FAILED`: messages to customers that could not be sent. `DEAD_LETTER`: events that a receiver rejected. ' +
        '`UNAPPLIED_EVENT`: events of other services that could not be applied. `IMPORT_FAILED`: imports with orders that failed, which nobody has acknowledged.',
    }),
    url: z.string().openapi({
      description: 'Where what stands in it is listed; for some of them this takes an operator.',
      example: '/api/v1/sagas/waiting?cause=RETRYING',
    }),
    count: z
      .int()
      .min(0)
      .openapi({ description: `At most ${MOST_COUNTED}: longer queues are not counted to their end.` }),
  })
  .openapi('WorkQueue');

/** Many consoles ask at once, and all of them are told the same. */
const SHARED_MS = 2_000;

/** `GET /queues`: how much waits for somebody. */
export function listQueuesRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/queues',
    operationId: 'listQueues',
    summary: 'Count what waits for somebody',
    description: 'For staff: every queue of work with how long it is, as it was at most two seconds ago.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    responses: { 200: json(wholeListSchema(queueSchema), 'The queues.'), ...problemResponses() },
  });
  const count = shareFor(SHARED_MS, () => countQueues(database.db, config.stuckAfterMs));
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const counts = await count();
      return c.json(wholeList(workQueues.map((queue) => ({ queue, url: queueUrl(queue), count: counts[queue] }))), 200);
    },
  });
}

/** Where what stands in a queue is listed. */
export function queueUrl(queue: WorkQueue): string {
  return `/api/v1/${isOrderQueue(queue) ? `queues/${queue}` : otherLists[queue]}`;
}

const otherLists: Readonly<Record<Exclude<WorkQueue, OrderQueue>, string>> = {
  NEEDS_ATTENTION: 'sagas/waiting?cause=NEEDS_ATTENTION',
  STUCK: 'sagas/waiting?stuck=true',
  RETRYING: 'sagas/waiting?cause=RETRYING',
  NOT_STARTED: 'sagas/waiting?cause=NOT_STARTED',
  MESSAGE_FAILED: 'notifications?state=FAILED',
  DEAD_LETTER: 'events?state=DEAD',
  UNAPPLIED_EVENT: 'inbox?state=DEAD',
  IMPORT_FAILED: 'imports?has_failed=true&acknowledged=false',
};

/** Calls `read` at most once in `sharedMs`; who asks meanwhile gets the same answer. A failure is not shared with who asks later. */
function shareFor<Value>(sharedMs: number, read: () => Promise<Value>): () => Promise<Value> {
  let latest: { readonly value: Promise<Value>; readonly at: number } | undefined;
  return async () => {
    const now = performance.now();
    if (!latest || now - latest.at > sharedMs) {
      latest = { value: read(), at: now };
      latest.value.catch(() => (latest = undefined));
    }
    return await latest.value;
  };
}
