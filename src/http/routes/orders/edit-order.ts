import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { editOrder } from '../../../orders/edit-order.ts';
import { findOrderWithItems } from '../../../repositories/order-repository.ts';
import type { Api } from '../../api.ts';
import { expectedVersion, ifMatchHeader } from '../../schemas/if-match.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema, orNull } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { lines } from '../../../orders/text-schemas.ts';
import { findVisibleOrder, orderReaders } from '../../../orders/find-visible-order.ts';
import { addressRequest } from '../../../orders/order-request.ts';

const editSchema = z
  .strictObject({
    shipping_address: addressRequest.optional(),
    billing_address: orNull(addressRequest).optional().openapi({ description: 'Null bills where it is shipped to.' }),
    notes: lines(2_000).nullable().optional().openapi({ description: 'Null removes them.' }),
  })
  .refine((edit) => Object.keys(edit).length > 0, 'must change at least one field')
  .openapi('OrderEdit', { minProperties: 1, example: { notes: 'Leave it with the neighbours.' } });

/** `PATCH /orders/{id}`: changes addresses and notes until something of the order has been shipped. */
export function editOrderRoute(api: Api) {
  const route = createRoute({
    method: 'patch',
    path: '/api/v1/orders/{id}',
    operationId: 'editOrder',
    summary: "Change an order's addresses or notes",
    description: 'Possible until something of it has been shipped. With `If-Match` only that version is changed.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: z.object({ 'If-Match': ifMatchHeader }),
      body: { required: true, content: { 'application/json': { schema: editSchema } } },
    },
    responses: {
      200: json(orderSchema, 'The order is changed.', orderHeaders),
      ...problemResponses(...bodyStatuses, 404, 412),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { db } = api.database;
      const before = await findVisibleOrder(db, caller, c.req.valid('param').id);
      const edit = c.req.valid('json');
      await editOrder(api.orders, {
        orderId: before.id,
        actor: caller.actor,
        expectedVersion: expectedVersion(c.req.valid('header')['If-Match']),
        details: {
          ...(edit.shipping_address && { shippingAddress: edit.shipping_address }),
          ...(edit.billing_address !== undefined && { billingAddress: edit.billing_address }),
          ...(edit.notes !== undefined && { notes: edit.notes }),
        },
      });
      const after = (await findOrderWithItems(db, before.id)) ?? before;
      return c.json(orderView(after), 200, { ETag: entityTag(after) });
    },
  });
}
