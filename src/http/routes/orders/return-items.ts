import { createHash } from 'node:crypto';
import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { uuidv7 } from 'uuidv7';
import { findOrderWithItems } from '../../../repositories/order-repository.ts';
import { openReturn } from '../../../orders/open-return.ts';
import { CommandRefusedError, EngineUnavailableError } from '../../../temporal/order-commands.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { orderReaders, findVisibleOrder } from '../../../orders/find-visible-order.ts';
import type { Caller } from '../../../domain/caller.ts';
import type { OrderWithItems } from '../../../domain/order.ts';
import { loggable } from '../../../logger.ts';
import { itemQuantitiesRequest } from '../../../orders/order-request.ts';

const returnSchema = z.strictObject({ items: itemQuantitiesRequest, reason }).openapi('ReturnRequest');

/** `POST /orders/{id}/returns`: takes delivered goods back, whole or in part, and refunds them. */
export function returnItemsRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/returns',
    operationId: 'returnItems',
    summary: 'Return delivered goods',
    description:
      'Possible for delivered orders within `RETURN_WINDOW`. A return that is answered with 201 or 202 is on record: its goods ' +
      'go back into stock and its money to the customer, whatever fails meanwhile.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: returnSchema } } },
    },
    responses: {
      201: json(orderSchema, 'The goods are back and refunded.', orderHeaders),
      202: json(orderSchema, 'The return is under way.', orderHeaders),
      ...problemResponses(...bodyStatuses, 404, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const { items, reason: why } = c.req.valid('json');
      const id = returnId(caller, order, c.req.valid('header')['Idempotency-Key']);
      const wanted = { id, orderId: order.id, items, actor: caller.actor, reason: why };
      await openReturn(
        { db: api.database.db, announcer: api.announcer },
        { ...wanted, windowMs: api.config.order.returnWindowMs },
      );
      const isDone = await settled(api, order, wanted);
      const after = (await findOrderWithItems(api.database.db, order.id)) ?? order;
      const tag = { ETag: entityTag(after) };
      return isDone ? c.json(orderView(after), 201, tag) : c.json(orderView(after), 202, tag);
    },
  });
}

/** A repeat under the same key is the same return. */
function returnId(caller: Caller, order: OrderWithItems, key: string | undefined): string {
  if (key === undefined) return uuidv7();
  const hex = createHash('sha256')
    .update(JSON.stringify([order.id, caller.subject, key]))
    .digest('hex');
  // Version 8: a custom UUID (RFC 9562, 5.8).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The return is on record: if its workflow can't be told now, the relay tells it later. */
async function settled(
  api: Api,
  order: OrderWithItems,
  { id, actor, reason: why }: { id: string; actor: string; reason: string },
): Promise<boolean> {
  const command = { actor, reason: why, command_id: id, return_id: id };
  try {
    const reply = await api.commands.send(order.id, 'returnItems', command, api.config.order.waitMs);
    return reply.outcome === 'done';
  } catch (error) {
    if (!(error instanceof EngineUnavailableError) && !(error instanceof CommandRefusedError)) throw error;
    api.logger.info({ order_id: order.id, err: loggable(error) }, 'return not told of, left to the relay');
    return false;
  }
}
