import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { readMoment } from '../../../orders/read-moment.ts';
import { listDeliveries, type DeliveryCursor } from '../../../repositories/list-deliveries.ts';
import type { Api } from '../../api.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { deliveryFilters, deliverySchema, deliveryView, stateFilter } from './delivery-schemas.ts';

const eventsQuery = z.strictObject({ ...deliveryFilters, state: stateFilter, limit: pageLimit, cursor: cursorField });

const pageSchema = z
  .strictObject({ data: z.array(deliverySchema), next_cursor: z.string().nullable() })
  .openapi('EventDeliveryPage');

/** `GET /events`: events and what became of them at their sinks, where there is something to tell. */
export function listEventsRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/events',
    operationId: 'listEvents',
    summary: 'List deliveries of events',
    description:
      'Deliveries to sinks, the latest event first: of a webhook endpoint every one; of another sink those of events that it has rejected, and of the later ones ' +
      'of their orders that wait behind them. `state=DEAD` lists the dead letters: `POST /events/retry` and `POST /events/skip` decide about them.',
    tags: ['events'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { query: eventsQuery },
    responses: { 200: json(pageSchema, 'A page of them.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, cursor, ...filters } = c.req.valid('query');
      const after = cursor === undefined ? undefined : toPosition(readCursor(cursor, [filters], isPosition).id);
      const filter = {
        sink: filters.sink,
        state: filters.state,
        subjectId: filters.order_id,
        eventId: filters.event_id === undefined ? undefined : Number(filters.event_id),
        type: filters.type,
        since: filters.since === undefined ? undefined : readMoment(filters.since, config.order.timeZone),
      };
      const { deliveries, next } = await listDeliveries(database.db, filter, { limit, after });
      const nextCursor =
        next && writeCursor({ at: next.createdAt.toISOString(), id: `${next.eventId}/${next.sink}` }, [filters]);
      return c.json({ data: deliveries.map(deliveryView), next_cursor: nextCursor ?? null }, 200);
    },
  });
}

/** An event's id and the name of its sink. */
const POSITION = /^(\d{1,15})\/(.+)$/;

function isPosition(id: string): boolean {
  return POSITION.test(id);
}

function toPosition(id: string): DeliveryCursor {
  const [, eventId, sink = ''] = POSITION.exec(id) ?? [];
  return { eventId: Number(eventId), sink };
}
