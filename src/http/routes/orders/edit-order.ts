import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { OrderDetails } from '../../../domain/edit-order.ts';
import { editOrder } from '../../../orders/edit-order.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import type { CallerEnv } from '../../env.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { expectedVersion, ifMatchHeader } from '../../schemas/if-match.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orNull } from '../../schemas/order-schema.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { emailAddress, languageTag, phoneNumber } from '../../../orders/text-schemas.ts';
import { findVisibleOrder, orderReaders } from '../../../orders/find-visible-order.ts';
import { addressRequest, customerName, notes, reference } from '../../../orders/order-request.ts';

/** What may be changed of an order. */
const editable = {
  customer_name: customerName.nullable().openapi({ description: 'Null removes it.' }),
  customer_email: emailAddress.nullable().openapi({ description: 'Null removes it.' }),
  customer_phone: phoneNumber.nullable().openapi({ description: 'Null removes it.' }),
  reference: reference.nullable().openapi({ description: "The shop's own number of the order. Null removes it." }),
  locale: languageTag.nullable().openapi({ description: 'The language of messages (BCP 47). Null removes it.' }),
  shipping_address: addressRequest,
  billing_address: orNull(addressRequest).openapi({ description: 'Null bills where it is shipped to.' }),
  notes: notes.nullable().openapi({ description: 'Null removes them.' }),
};

const editSchema = z
  .strictObject(editable)
  .partial()
  .refine((edit) => Object.keys(edit).length > 0, 'must change at least one field')
  .openapi('OrderEdit', { minProperties: 1, example: { notes: 'Leave it with the neighbours.' } });

const replacementSchema = z.strictObject(editable).openapi('OrderReplacement', {
  example: {
    customer_name: 'Alice Archer',
    customer_email: 'alice@example.com',
    customer_phone: null,
    reference: '#1042',
    locale: 'en-GB',
    shipping_address: {
      name: 'Alice Archer',
      line1: '1 High Street',
      city: 'London',
      postal_code: 'N1 9GU',
      country: 'GB',
    },
    billing_address: null,
    notes: 'Leave it with the neighbours.',
  },
});

const editDocs = {
  tags: ['orders'],
  security: needsToken,
  responses: {
    ...outcomeResponses(200, 'The order is changed.', 'The amendment is under way.'),
    ...problemResponses(...bodyStatuses, 402, 404, 412, 422),
  },
};

const editWhen =
  'Possible until something of it has been shipped. With `If-Match` only that version is changed. If the goods go to a country ' +
  'where another tax is due, the order is amended once it is confirmed: the difference is charged or given back, 202 means that ' +
  'this is under way, and when it fails the order stays as it was.';

const editHeaders = z.object({ 'If-Match': ifMatchHeader, 'Idempotency-Key': idempotencyHeader });

/** `PATCH /orders/{id}`: changes who ordered it, its addresses, notes and reference until something of the order has been shipped. */
export function editOrderRoute(api: Api) {
  const route = createRoute({
    ...editDocs,
    method: 'patch',
    path: '/api/v1/orders/{id}',
    operationId: 'editOrder',
    summary: "Change an order's customer details, addresses, reference or notes",
    description: `What is left out stays. ${editWhen}`,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: editHeaders,
      body: { required: true, content: { 'application/json': { schema: editSchema } } },
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: (c) => answerEdit(api, c, c.req.valid('param').id, c.req.valid('json'), c.req.valid('header')),
  });
}

/** `PUT /orders/{id}`: the same with every field that may be changed. */
export function replaceOrderRoute(api: Api) {
  const route = createRoute({
    ...editDocs,
    method: 'put',
    path: '/api/v1/orders/{id}',
    operationId: 'replaceOrder',
    summary: "Set all of an order's customer details, addresses, reference and notes",
    description: `Each field that may be changed has to be given. ${editWhen}`,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: editHeaders,
      body: { required: true, content: { 'application/json': { schema: replacementSchema } } },
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: (c) => answerEdit(api, c, c.req.valid('param').id, c.req.valid('json'), c.req.valid('header')),
  });
}

async function answerEdit(
  api: Api,
  c: Context<CallerEnv>,
  id: string,
  edit: z.output<typeof editSchema>,
  given: z.output<typeof editHeaders>,
) {
  const caller = c.get('caller');
  const before = await findVisibleOrder(api.database.db, caller, id);
  const options = {
    key: given['Idempotency-Key'],
    expectedVersion: expectedVersion(given['If-Match'], before.version),
  };
  return answerOutcome(c, await editOrder(api.orders, caller, before, toDetails(edit), options), 200);
}

function toDetails(edit: z.output<typeof editSchema>): OrderDetails {
  return {
    ...(edit.customer_name !== undefined && { customerName: edit.customer_name }),
    ...(edit.customer_email !== undefined && { customerEmail: edit.customer_email }),
    ...(edit.customer_phone !== undefined && { customerPhone: edit.customer_phone }),
    ...(edit.reference !== undefined && { reference: edit.reference }),
    ...(edit.locale !== undefined && { locale: edit.locale }),
    ...(edit.shipping_address && { shippingAddress: edit.shipping_address }),
    ...(edit.billing_address !== undefined && { billingAddress: edit.billing_address }),
    ...(edit.notes !== undefined && { notes: edit.notes }),
  };
}
