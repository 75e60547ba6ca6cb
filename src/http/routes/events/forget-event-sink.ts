import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { forgetSink } from '../../../events/forget-sink.ts';
import { reason } from '../../../orders/text-schemas.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

const requestSchema = z
  .strictObject({ sink: z.string().min(1).max(200).openapi({ example: 'kafka' }), reason })
  .openapi('ForgetEventSink');

const forgottenSchema = z
  .strictObject({
    name: z.string(),
    events: z.int().openapi({ description: 'How many events it never gets, dead letters included.' }),
  })
  .openapi('ForgottenEventSink');

/** `POST /events/forget-sink`: an operator gives up a sink that is configured no more. */
export function forgetEventSinkRoute({ allow, database, logger }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/events/forget-sink',
    operationId: 'forgetEventSink',
    summary: 'Forget a sink of events',
    description:
      'For a sink that is configured no more: its cursor and what it has not received hold back the removal of old events no longer, and no alert tells of it. ' +
      'Refused while a process is configured with it. When it is configured again, it gets what happens from then on.',
    tags: ['events'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
    responses: {
      200: json(forgottenSchema, 'The sink that is on record no more.'),
      ...problemResponses(...bodyStatuses),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { name, events } = await forgetSink(database.db, c.req.valid('json').sink);
      logger.warn({ sink: name, events }, 'operator had a sink forgotten');
      return c.json({ name, events }, 200);
    },
  });
}
