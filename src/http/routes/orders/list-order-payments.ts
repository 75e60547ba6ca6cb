import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { hasRole, staff } from '../../../domain/caller.ts';
import { maskPaymentMethod } from '../../../domain/mask-payment-method.ts';
import { formatMoney } from '../../../domain/money.ts';
import { transactionKinds, transactionStatuses } from '../../../domain/order-transition.ts';
import { paymentProviders } from '../../../domain/payment-provider.ts';
import { findPaymentTransactions } from '../../../repositories/order-details.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { moneySchema, timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, readVisibleOrder } from '../../../orders/find-visible-order.ts';

/** A transaction on the wire. */
export const transactionSchema = z
  .strictObject({
    kind: z.enum(transactionKinds).openapi({
      description:
        'AUTHORIZATION: money that is held; what was taken of it are charges with the same `payment_id`. REFUND_FAILURE: a refund on record has ' +
        'not reached the customer, and this much of it is back.',
    }),
    status: z.enum(transactionStatuses).openapi({
      description:
        'Of an authorization: AUTHORIZED, VOIDED once it was released, EXPIRED once it holds nothing any more. Of a refund failure: FAILED.',
    }),
    payment_id: z.string().nullable(),
    amount: moneySchema,
    currency: z.string().length(3),
    payment_method: z.string().openapi({ description: 'Masked.', example: 'tok_***ok' }),
    decline_code: z.string().nullable(),
    provider: z.enum(paymentProviders).openapi({
      description: 'EXTERNAL: money that moved outside the payment service, as an operator has recorded.',
    }),
    reference: z
      .string()
      .nullable()
      .openapi({ description: 'Of an EXTERNAL one: what finds it.', example: 'transfer 4711' }),
    reason: z.string().nullable().openapi({ description: 'Of an EXTERNAL one: why it moved there.' }),
    actor: z.string().nullable().openapi({ description: 'Of an EXTERNAL one: who recorded it.' }),
    fee: z.string().nullable().openapi({
      description: 'For staff: what the payment service kept of it for itself, once it is known; a decimal amount.',
      example: '0.56',
    }),
    at: timeSchema,
  })
  .openapi('PaymentTransaction');

/** `GET /orders/{id}/payments`: charges and refunds, masked, oldest first. */
export function listOrderPaymentsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/payments',
    operationId: 'listOrderPayments',
    summary: "Read an order's charges and refunds",
    description:
      'Every charge and refund that came to an end, declined ones included, and every authorization, the oldest first.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: {
      200: json(wholeListSchema(transactionSchema), 'The transactions, oldest first.'),
      ...problemResponses(404),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const transactions = await readVisibleOrder(database.db, c.get('caller'), id, (order, from) =>
        findPaymentTransactions(from, order.id),
      );
      const isStaff = hasRole(c.get('caller'), staff);
      const views = transactions.map((transaction) => transactionView(transaction, isStaff));
      return c.json(wholeList(views), 200);
    },
  });
}

/** A transaction as clients see it; fees are for staff. */
export function transactionView(
  transaction: Awaited<ReturnType<typeof findPaymentTransactions>>[number],
  isStaff: boolean,
): z.input<typeof transactionSchema> {
  const { kind, status, payment_id, currency, decline_code, provider, reference, reason, actor, at } = transaction;
  return {
    kind,
    status,
    payment_id,
    amount: formatMoney(transaction.amount_minor, currency),
    currency,
    payment_method: provider === 'EXTERNAL' ? 'EXTERNAL' : maskPaymentMethod(transaction.payment_method),
    decline_code,
    provider,
    reference,
    reason,
    actor,
    fee: isStaff && transaction.fee_minor !== null ? formatMoney(transaction.fee_minor, currency) : null,
    at: at.toISOString(),
  };
}
