import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { readArchive } from '../../../repositories/archive.ts';
import { listOrders, type OrderListQuery } from '../../../repositories/list-orders.ts';
import type { Api } from '../../api.ts';
import { csv, csvResponse } from '../../schemas/csv-response.ts';
import { ordersCsv } from './orders-csv.ts';
import { orderExportQuery, toFilters } from '../../../orders/order-list-query.ts';
import { needsToken, problemResponses } from '../../schemas/responses.ts';
import { staff } from '../../../domain/caller.ts';

/** `GET /orders/export`: orders as CSV, however many there are. */
export function exportOrdersRoute({ allow, config, reader }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/export',
    operationId: 'exportOrders',
    summary: 'Download orders as CSV',
    description:
      'The filters of the list, one row an order, streamed: an answer that is cut off is not complete. A cell that a spreadsheet would run ' +
      'as a formula begins with an apostrophe.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: orderExportQuery },
    responses: { 200: csv('The orders.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: (c) => {
      const { archived = false, ...query } = c.req.valid('query');
      const filters = toFilters(query, config.order.timeZone);
      const { subject } = c.get('caller');
      const readPage = (page: OrderListQuery) =>
        reader.read(subject, (db) =>
          archived ? readArchive(db, (archive) => listOrders(archive, page)) : listOrders(db, page),
        );
      return csvResponse(ordersCsv(readPage, filters), 'orders.csv');
    },
  });
}
