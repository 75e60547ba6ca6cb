import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { editOrder } from '../../../orders/edit-order.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { expectedVersion, ifMatchHeader } from '../../schemas/if-match.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orNull } from '../../schemas/order-schema.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
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
    description:
      'Possible until something of it has been shipped. With `If-Match` only that version is changed. If the goods go to a country ' +
      'where another tax is due, the order is amended once it is confirmed: the difference is charged or given back, 202 means that ' +
      'this is under way, and when it fails the order stays as it was.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: z.object({ 'If-Match': ifMatchHeader, 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: editSchema } } },
    },
    responses: {
      ...outcomeResponses(200, 'The order is changed.', 'The amendment is under way.'),
      ...problemResponses(...bodyStatuses, 402, 404, 412, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const before = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const edit = c.req.valid('json');
      const details = {
        ...(edit.shipping_address && { shippingAddress: edit.shipping_address }),
        ...(edit.billing_address !== undefined && { billingAddress: edit.billing_address }),
        ...(edit.notes !== undefined && { notes: edit.notes }),
      };
      const given = c.req.valid('header');
      const options = {
        key: given['Idempotency-Key'],
        expectedVersion: expectedVersion(given['If-Match'], before.version),
      };
      return answerOutcome(c, await editOrder(api.orders, caller, before, details, options), 200);
    },
  });
}
