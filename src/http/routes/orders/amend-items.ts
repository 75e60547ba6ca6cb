import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Order } from '../../../domain/order.ts';
import type { Api } from '../../api.ts';
import { amendItems } from '../../../orders/amend-items.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { expectedVersion, ifMatchHeader } from '../../schemas/if-match.ts';
import { quantityRequest, itemRequest } from '../../../orders/order-request.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { orderReaders, findVisibleOrder } from '../../../orders/find-visible-order.ts';

const headers = z.object({ 'If-Match': ifMatchHeader, 'Idempotency-Key': idempotencyHeader });

const itemParams = orderParams.extend({
  item_id: z.uuid().openapi({ param: { name: 'item_id', in: 'path' }, description: 'The id of one of its items.' }),
});

const amendmentDocs = {
  tags: ['orders'],
  security: needsToken,
  description:
    'Stock and the difference in price follow: it is charged or given back. When that fails the order stays as it was. Once ' +
    'something has been shipped, quantities can only be lowered, to what has been; if nothing is left to ship then, the order ' +
    'is SHIPPED. 202 means that the amendment is still under way.',
};

const refusals = [...bodyStatuses, 402, 404, 409, 412, 422] as const;

/** `POST /orders/{id}/items`: adds an item. */
export function addItemRoute(api: Api) {
  const route = createRoute({
    ...amendmentDocs,
    method: 'post',
    path: '/api/v1/orders/{id}/items',
    operationId: 'addItem',
    summary: 'Add an item to an order',
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers,
      body: { required: true, content: { 'application/json': { schema: itemRequest } } },
    },
    responses: {
      ...outcomeResponses(201, 'The order with the item.', 'The amendment is under way.'),
      ...problemResponses(...refusals),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const wanted = { change: 'add', ...c.req.valid('json') } as const;
      const options = optionsOf(c.req.valid('header'), order);
      const outcome = await amendItems(api.orders, caller, order, wanted, options);
      return answerOutcome(c, outcome, 201);
    },
  });
}

/** `PATCH /orders/{id}/items/{item_id}`: sets an item's quantity. */
export function changeItemRoute(api: Api) {
  const route = createRoute({
    ...amendmentDocs,
    method: 'patch',
    path: '/api/v1/orders/{id}/items/{item_id}',
    operationId: 'changeItem',
    summary: "Change an item's quantity",
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: itemParams,
      headers,
      body: { required: true, content: { 'application/json': { schema: quantityRequest } } },
    },
    responses: {
      ...outcomeResponses(200, 'The amended order.', 'The amendment is under way.'),
      ...problemResponses(...refusals),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { id, item_id } = c.req.valid('param');
      const order = await findVisibleOrder(api.database.db, caller, id);
      const wanted = { change: 'set', item_id, ...c.req.valid('json') } as const;
      const options = optionsOf(c.req.valid('header'), order);
      const outcome = await amendItems(api.orders, caller, order, wanted, options);
      return answerOutcome(c, outcome, 200);
    },
  });
}

/** `DELETE /orders/{id}/items/{item_id}`: removes an item. */
export function removeItemRoute(api: Api) {
  const route = createRoute({
    ...amendmentDocs,
    method: 'delete',
    path: '/api/v1/orders/{id}/items/{item_id}',
    operationId: 'removeItem',
    summary: 'Remove an item from an order',
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: itemParams,
      headers,
      query: z.strictObject({ reason: reason.optional().openapi({ description: 'Why, for the records.' }) }),
    },
    responses: {
      ...outcomeResponses(200, 'The amended order.', 'The amendment is under way.'),
      ...problemResponses(400, 402, 404, 409, 412, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { id, item_id } = c.req.valid('param');
      const order = await findVisibleOrder(api.database.db, caller, id);
      const wanted = { change: 'remove', item_id } as const;
      const options = { ...optionsOf(c.req.valid('header'), order), reason: c.req.valid('query').reason };
      const outcome = await amendItems(api.orders, caller, order, wanted, options);
      return answerOutcome(c, outcome, 200);
    },
  });
}

function optionsOf(given: z.output<typeof headers>, { version }: Order) {
  return { key: given['Idempotency-Key'], expectedVersion: expectedVersion(given['If-Match'], version) };
}
