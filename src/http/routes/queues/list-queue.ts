import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { formatMoney } from '../../../domain/money.ts';
import { isOrderQueue, workQueues } from '../../../domain/work-queue.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { listQueue, type QueuedOrder } from '../../../repositories/work-queues.ts';
import type { Api } from '../../api.ts';
import { ProblemError } from '../../problems/problem.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { moneySchema, orderStatusSchema, timeSchema } from '../../schemas/order-schema.ts';
import { describeProblem, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { queueUrl } from './list-queues.ts';

const queuedSchema = z
  .strictObject({
    order_id: z.uuid(),
    order_number: z.string(),
    status: orderStatusSchema,
    customer_name: z.string().nullable(),
    currency: z.string(),
    total: moneySchema,
    refund_due: moneySchema,
    since: timeSchema.openapi({
      description: 'Since when it waits, or the last change of an order of which that is not known.',
    }),
    until: timeSchema.nullable().openapi({ description: 'Until when something can be done about it.' }),
    detail: z.string().nullable().openapi({ description: 'What is known of why.' }),
  })
  .openapi('QueuedOrder');

/** `GET /queues/{queue}`: the orders of a queue of work, the most urgent first. */
export function listQueueRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/queues/{queue}',
    operationId: 'listQueue',
    summary: 'List a queue of work',
    description:
      'For staff: the first orders of a queue. What ends soonest comes first, then what has waited longest; a queue has no further pages, since ' +
      'it gets shorter as it is worked on. What stands in the other queues has lists of its own: the `url` of `GET /queues` says where.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    request: {
      params: z.object({
        queue: z.enum(workQueues).openapi({ description: 'Which queue.', example: 'PAYMENT_FAILED' }),
      }),
      query: z.strictObject({ limit: pageLimit }),
    },
    responses: {
      200: json(wholeListSchema(queuedSchema), 'Its orders.'),
      ...problemResponses(400),
      404: describeProblem(404, 'What stands in this queue is listed elsewhere, as `detail` says (`NOT_FOUND`).'),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { queue } = c.req.valid('param');
      if (!isOrderQueue(queue)) {
        throw new ProblemError('NOT_FOUND', `What stands in ${queue} is listed at ${queueUrl(queue)}.`);
      }
      const orders = await listQueue(database.db, queue, c.req.valid('query').limit);
      return c.json(wholeList(orders.map(toView)), 200);
    },
  });
}

function toView({ id, orderNumber, status, customerName, currency, since, until, detail, ...order }: QueuedOrder) {
  return {
    order_id: id,
    order_number: orderNumber,
    status,
    customer_name: customerName,
    currency,
    total: formatMoney(order.totalMinor, currency),
    refund_due: formatMoney(order.refundDueMinor, currency),
    since: since.toISOString(),
    until: until && until.toISOString(),
    detail,
  };
}
