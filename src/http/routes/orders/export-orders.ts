import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { readArchive } from '../../../repositories/archive.ts';
import { listOrders, type OrderListQuery } from '../../../repositories/list-orders.ts';
import { gzipCsv, gzipped } from '../../schemas/gzip-csv.ts';
import type { Api } from '../../api.ts';
import { csv, csvResponse } from '../../schemas/csv-response.ts';
import { orderLinesTable } from './order-lines-table.ts';
import { ordersCsv, ordersTable } from './orders-csv.ts';
import { csvDelimiters } from '../../../domain/csv-delimiter.ts';
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
      'as a formula begins with an apostrophe, which `POST /imports` takes off. With `lines=true` there is one row a line, which `preset=orders` reads back.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: orderExportQuery },
    responses: { 200: gzipped(csv('The orders.')), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const {
        archived = false,
        lines = false,
        bom = false,
        delimiter,
        columns,
        compress,
        ...query
      } = c.req.valid('query');
      const all = lines ? orderLinesTable : ordersTable;
      const table = columns === undefined ? all : all.withColumns(columns.split(',').map((name) => name.trim()));
      const style = { delimiter: csvDelimiters[delimiter ?? ','], hasBom: bom };
      const filters = toFilters(query, config.order.timeZone);
      const { subject } = c.get('caller');
      const readPage = (page: OrderListQuery) =>
        reader.read(subject, (db) =>
          archived ? readArchive(db, (archive) => listOrders(archive, page)) : listOrders(db, page),
        );
      const answer = await csvResponse(ordersCsv(readPage, filters, table, style), 'orders.csv');
      return gzipCsv(answer, { compress, acceptEncoding: c.req.header('Accept-Encoding') });
    },
  });
}
