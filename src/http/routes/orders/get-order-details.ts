import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import type { OrderWithItems } from '../../../domain/order.ts';
import { withConfirmation } from '../../../orders/find-notifications.ts';
import { readVisibleOrder } from '../../../orders/find-visible-order.ts';
import { orderView } from '../../../orders/order-view.ts';
import { findOrderParts } from '../../../repositories/order-parts.ts';
import type { Api } from '../../api.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { shipmentSchema, shipmentView } from '../../schemas/shipment-schema.ts';
import { stallField, stallView } from '../../schemas/stall-schema.ts';
import { notificationSchema, notificationView } from '../notifications/notification-schema.ts';
import { changeSchema, changeView } from './list-order-history.ts';
import { transactionSchema, transactionView } from './list-order-payments.ts';
import { refundSchema, refundView } from './list-order-refunds.ts';
import { returnSchema, returnView } from './list-order-returns.ts';
import { stepSchema, stepView } from './list-saga-steps.ts';
import { disputeSchema, disputeView } from './order-disputes.ts';
import { noteSchema, noteView } from './order-notes.ts';
import { reviewSchema, reviewView } from './review-order.ts';

const detailsSchema = z
  .strictObject({
    order: orderSchema,
    history: z.array(changeSchema),
    steps: z.array(stepSchema),
    payments: z.array(transactionSchema),
    shipments: z.array(shipmentSchema),
    returns: z.array(returnSchema),
    refunds: z.array(refundSchema),
    messages: z.array(notificationSchema),
    notes: z.array(noteSchema),
    disputes: z.array(disputeSchema),
    reviews: z.array(reviewSchema),
    stall: stallField,
  })
  .openapi('OrderDetails');

/** `GET /orders/{id}/details`: an order with everything that hangs on it, in one answer. */
export function getOrderDetailsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/details',
    operationId: 'getOrderDetails',
    summary: 'Read an order with everything about it',
    description:
      'For staff: the order, its changes, the ledger of its saga, payments, shipments, returns, refunds without goods, messages, notes, disputes ' +
      'and reviews, each list as its own path has it, and what it waits for otherwise.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    request: { params: orderParams },
    responses: { 200: json(detailsSchema, 'The order and all its parts.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { order, parts } = await readVisibleOrder(
        database.db,
        c.get('caller'),
        c.req.valid('param').id,
        async (found, from) => ({ order: found, parts: await findOrderParts(from, found.id) }),
      );
      return c.json(detailsView(order, parts), 200);
    },
  });
}

function detailsView(order: OrderWithItems, parts: Awaited<ReturnType<typeof findOrderParts>>) {
  const { id, currency } = order;
  return {
    order: orderView(order),
    history: parts.history.map(changeView),
    steps: parts.steps.map(stepView),
    payments: parts.payments.map((payment) => transactionView(payment, true)),
    shipments: parts.shipments.map(shipmentView),
    returns: parts.returns.map((one) => returnView(one, currency)),
    refunds: parts.refunds.map((refund) => refundView(refund, currency)),
    messages: withConfirmation(id, parts.messages, parts.steps).map(notificationView),
    notes: parts.notes.map(noteView),
    disputes: parts.disputes.map(disputeView),
    reviews: parts.reviews.map(reviewView),
    stall: stallView(parts.stall),
  };
}
