import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { describeSinks } from '../../../repositories/sink-figures.ts';
import type { Api } from '../../api.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';

const sinkSchema = z
  .strictObject({
    name: z.string(),
    unpublished: z.int().openapi({ description: 'Events that it does not have and that are no dead letters.' }),
    oldest_seconds: z.number().openapi({
      description: 'Age of the oldest of them, those that wait behind a dead letter left aside; 0 if there is none.',
    }),
    dead_letters: z.int(),
    failing_since: timeSchema.nullable().openapi({ description: 'Null while it takes what it is sent.' }),
    attempts: z.int().openapi({ description: 'How often it was tried in vain since then.' }),
    last_error: z.string().nullable(),
  })
  .openapi('EventSink');

const sinksSchema = z.strictObject({ data: z.array(sinkSchema) }).openapi('EventSinkList');

/** `GET /events/sinks`: where events go, and how far each sink is. */
export function listEventSinksRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/events/sinks',
    operationId: 'listEventSinks',
    summary: 'List the sinks of events',
    description:
      'How many events each sink has still to get, and since when it fails. Webhook endpoints are one sink here.',
    tags: ['events'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    responses: { 200: json(sinksSchema, 'The sinks on record.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const sinks = await describeSinks(database.db);
      const data = sinks.map((sink) => ({
        name: sink.name,
        unpublished: sink.unpublished,
        oldest_seconds: sink.oldestS,
        dead_letters: sink.deadLetters,
        failing_since: sink.failingSince?.toISOString() ?? null,
        attempts: sink.attempts,
        last_error: sink.lastError,
      }));
      return c.json({ data }, 200);
    },
  });
}
