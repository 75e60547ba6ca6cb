import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { inboxStates } from '../../../domain/inbound-event.ts';
import { comparedLine } from '../../../orders/text-schemas.ts';
import { listInboxEvents, type ListedInboxEvent } from '../../../repositories/inbox.ts';
import type { Api } from '../../api.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';

const inboxQuery = z.strictObject({
  state: z.enum(inboxStates).optional().openapi({ description: '`DEAD`: those that wait for an operator.' }),
  source: comparedLine(255).optional().openapi({ description: 'Who sent it.', example: 'webhook:payments' }),
  type: comparedLine(255).optional().openapi({ description: 'What it tells.', example: 'payment.refunded' }),
  order_id: z.uuid().optional().openapi({ description: 'Of which order.' }),
  limit: pageLimit,
  cursor: cursorField,
});

const eventSchema = z
  .strictObject({
    source: z.string().openapi({ description: 'Who sent it.', example: 'webhook:payments' }),
    id: z.string(),
    type: z.string().openapi({ example: 'payment.refunded' }),
    order_id: z.uuid().nullable(),
    order_number: z.string().nullable().openapi({ example: 'ORD-00000001' }),
    state: z.enum(inboxStates).openapi({
      description:
        '`RECEIVED`: it is about to be applied, or tried again. `WAITING`: its order is not known, or not so far. `APPLIED`. `IGNORED`: there was ' +
        'nothing to change, or an operator dropped it. `DEAD`: it can not be right, or could not be applied in time.',
    }),
    reason: z.string().nullable().openapi({ description: 'Why it is not applied, or was not.' }),
    attempts: z.int(),
    deliveries: z.int().openapi({ description: 'How often it came.' }),
    data: z.unknown().openapi({ description: 'What it says, as far as it means something here.' }),
    received_at: timeSchema,
    handled_at: timeSchema.nullable(),
  })
  .openapi('InboxEvent');

const pageSchema = z
  .strictObject({ data: z.array(eventSchema), next_cursor: z.string().nullable() })
  .openapi('InboxEventPage');

/** `GET /inbox`: the events that other services have sent, those first that came first. */
export function listInboxRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/inbox',
    operationId: 'listInboxEvents',
    summary: 'List events of other services',
    description:
      'For operators: every event that was received, by webhook or from Kafka, and what became of it. With `state=DEAD` those that wait for a decision: ' +
      '`POST /inbox/retry` or `POST /inbox/skip`.',
    tags: ['inbox'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { query: inboxQuery },
    responses: { 200: json(pageSchema, 'A page of them.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, cursor, ...filters } = c.req.valid('query');
      const after = cursor === undefined ? undefined : readCursor(cursor, [filters], (id) => /^[0-9a-f]{32}$/.test(id));
      const { events, next } = await listInboxEvents(database.db, {
        state: filters.state,
        source: filters.source,
        type: filters.type,
        orderId: filters.order_id,
        limit,
        after: after && { receivedAt: after.at, id: after.id },
      });
      const nextCursor = next ? writeCursor({ at: next.receivedAt, id: next.id }, [filters]) : null;
      return c.json({ data: events.map(toView), next_cursor: nextCursor }, 200);
    },
  });
}

function toView(row: ListedInboxEvent) {
  return {
    source: row.source,
    id: row.id,
    type: row.type,
    order_id: row.subject_id,
    order_number: row.order_number,
    state: row.state,
    reason: row.last_error,
    attempts: row.attempts,
    deliveries: row.deliveries,
    data: row.payload,
    received_at: row.received_at.toISOString(),
    handled_at: row.handled_at?.toISOString() ?? null,
  };
}
