import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { hasRole, staff } from '../../../domain/caller.ts';
import { changeKinds, isForStaff } from '../../../domain/order-change.ts';
import { findHistory } from '../../../repositories/order-details.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderStatusSchema, orNull, timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, readVisibleOrder } from '../../../orders/find-visible-order.ts';

/** A change of an order on the wire. */
export const changeSchema = z
  .strictObject({
    version: z.int(),
    from: orNull(orderStatusSchema),
    to: orderStatusSchema,
    change: z.enum(changeKinds).openapi({
      description:
        'What changed; all but STATUS leave the status as it is. PARKED: a step of the saga waits for an operator, who then has it ' +
        'RETRIED, SKIPPED or RESOLVED. TERMINATED, RESUMED: its workflow was ended by force, or taken over by the reconciler. ' +
        'NOTIFICATION: the customer could not be notified. REVIEW, REVIEWED: what a review said and what a person decided, with the reasons; ' +
        'only staff are shown those.',
    }),
    step: z
      .string()
      .nullable()
      .openapi({ description: 'The step of the saga that it is about.', example: 'chargePayment' }),
    actor: z.string().openapi({ example: 'support:ann' }),
    reason: z.string().nullable(),
    at: timeSchema,
  })
  .openapi('OrderChange');

/** `GET /orders/{id}/history`: who changed what and why, oldest first. */
export function listOrderHistoryRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/history',
    operationId: 'listOrderHistory',
    summary: "Read an order's changes",
    description: 'Every change since the order was placed, with who made it and why, the oldest first.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(changeSchema), 'The changes, oldest first.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const history = await readVisibleOrder(database.db, c.get('caller'), id, (order, from) =>
        findHistory(from, order.id),
      );
      const isStaff = hasRole(c.get('caller'), staff);
      const shown = history.filter(({ change }) => isStaff || !isForStaff(change));
      return c.json(wholeList(shown.map(changeView)), 200);
    },
  });
}

/** A change as clients see it. */
export function changeView(row: Awaited<ReturnType<typeof findHistory>>[number]): z.input<typeof changeSchema> {
  const { version, from_status: from, to_status: to, change, step, actor, reason, at } = row;
  return { version, from, to, change, step, actor, reason, at: at.toISOString() };
}
