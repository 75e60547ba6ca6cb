import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { sagaActions } from '../../../domain/saga.ts';
import { isUuid } from '../../../domain/uuid.ts';
import { waitCauses } from '../../../domain/waiting-order.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { moment } from '../../../orders/text-schemas.ts';
import { listWaitingOrders as readPage, type WaitingOrder } from '../../../repositories/waiting-orders.ts';
import type { Api } from '../../api.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { orderStatusSchema, sagaStateSchema, timeSchema } from '../../schemas/order-schema.ts';
import { flag, pageLimit } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { describeCauses } from '../../schemas/stall-schema.ts';

const waitingQuery = z.strictObject({
  step: z.enum(sagaActions).optional().openapi({ description: 'Orders that wait in this step or compensation.' }),
  cause: z.enum(waitCauses).optional().openapi({ description: 'Orders that wait for this reason.' }),
  waiting_since: moment.meta({
    description: 'Orders that have been waiting since this moment, or longer.',
    example: '2026-11-01T12:00:00Z',
  }),
  stuck: flag('Only those that are stuck.'),
  limit: pageLimit,
  cursor: cursorField,
});

const waitingSchema = z
  .strictObject({
    order_id: z.uuid(),
    order_number: z.string(),
    status: orderStatusSchema,
    saga_state: sagaStateSchema,
    step: z.enum(sagaActions).nullable().openapi({ description: 'Null when it waits in none.' }),
    cause: z.enum(waitCauses).openapi({ description: describeCauses(waitCauses) }),
    since: timeSchema,
    attempts: z.int(),
    last_error: z.string().nullable(),
    is_stuck: z.boolean().openapi({
      description: 'Whether it never goes on by itself, or has waited longer than `STUCK_AFTER`.',
    }),
  })
  .openapi('WaitingOrder');

const pageSchema = z
  .strictObject({ data: z.array(waitingSchema), next_cursor: z.string().nullable() })
  .openapi('WaitingOrderPage');

/** `GET /sagas/waiting`: the orders that wait for something other than their customer, longest wait first. */
export function listWaitingOrdersRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/sagas/waiting',
    operationId: 'listWaitingOrders',
    summary: 'List orders that wait',
    description:
      'For staff: every order that waits for a service, a worker, an operator or a pause, with the step, since when, how often it was tried and ' +
      'the last error. The longest wait comes first. An order appears once, with what it has waited for longest.',
    tags: ['saga'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: waitingQuery },
    responses: { 200: json(pageSchema, 'A page of them.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, cursor, ...filters } = c.req.valid('query');
      const after = cursor === undefined ? undefined : readCursor(cursor, [filters], isUuid);
      const { orders, next } = await readPage(database.db, {
        step: filters.step,
        cause: filters.cause,
        waitingSince:
          filters.waiting_since === undefined ? undefined : readMoment(filters.waiting_since, config.order.timeZone),
        stuckOnly: filters.stuck === true,
        stuckAfterMs: config.stuckAfterMs,
        limit,
        after: after && { since: after.at, id: after.id },
      });
      const nextCursor = next ? writeCursor({ at: next.since, id: next.id }, [filters]) : null;
      return c.json({ data: orders.map(toView), next_cursor: nextCursor }, 200);
    },
  });
}

function toView({ orderId, orderNumber, status, sagaState, step, cause, since, ...wait }: WaitingOrder) {
  return {
    order_id: orderId,
    order_number: orderNumber,
    status,
    saga_state: sagaState,
    step,
    cause,
    since: since.toISOString(),
    attempts: wait.attempts,
    last_error: wait.lastError,
    is_stuck: wait.isStuck,
  };
}
