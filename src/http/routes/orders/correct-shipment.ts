import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { correctShipment } from '../../../orders/correct-shipment.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';
import { line, reason } from '../../../orders/text-schemas.ts';
import type { Api } from '../../api.ts';
import { expectedVersion, ifMatchHeader } from '../../schemas/if-match.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { entityTag } from '../../../orders/order-view.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { shipmentSchema, shipmentView } from '../../schemas/shipment-schema.ts';

const correctionSchema = z
  .strictObject({
    carrier: line(100).nullable().optional().openapi({ description: 'Null removes it.' }),
    tracking_number: line(100).nullable().optional().openapi({ description: 'Null removes it.' }),
    reason: reason.optional(),
  })
  .refine(({ carrier, tracking_number: number }) => carrier !== undefined || number !== undefined, {
    error: 'must give a carrier or a tracking number',
  })
  .openapi('ShipmentCorrection', { example: { tracking_number: 'JD014600004', reason: 'a digit was wrong' } });

/** `PATCH /orders/{id}/shipments/{shipment_id}`: staff correct how goods that have left travel. */
export function correctShipmentRoute(api: Api) {
  const route = createRoute({
    method: 'patch',
    path: '/api/v1/orders/{id}/shipments/{shipment_id}',
    operationId: 'correctShipment',
    summary: "Correct a shipment's carrier and tracking number",
    description: "The latest shipment's are the order's `tracking` too.",
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow(...staff),
    request: {
      params: orderParams.extend({
        shipment_id: z.uuid().openapi({
          param: { name: 'shipment_id', in: 'path' },
          description: 'The id of a shipment, as `GET /orders/{id}/shipments` lists it.',
        }),
      }),
      headers: z.object({ 'If-Match': ifMatchHeader }),
      body: { required: true, content: { 'application/json': { schema: correctionSchema } } },
    },
    responses: {
      200: json(shipmentSchema, 'The corrected shipment.', orderHeaders),
      ...problemResponses(...bodyStatuses, 404, 412),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { id, shipment_id: shipmentId } = c.req.valid('param');
      const { carrier, tracking_number: number, reason: why } = c.req.valid('json');
      const order = await findVisibleOrder(api.database.db, caller, id);
      const { shipment, version } = await correctShipment(api.orders, caller, {
        orderId: order.id,
        shipmentId,
        tracking: { ...(carrier !== undefined && { carrier }), ...(number !== undefined && { number }) },
        reason: why ?? 'carrier or tracking number corrected',
        expectedVersion: expectedVersion(c.req.valid('header')['If-Match'], order.version),
      });
      return c.json(shipmentView(shipment), 200, { ETag: entityTag({ version }) });
    },
  });
}
