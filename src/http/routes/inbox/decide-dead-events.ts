import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { comparedLine, reason } from '../../../orders/text-schemas.ts';
import { retryInboxEvents, skipInboxEvents } from '../../../repositories/inbox.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

const requestSchema = z
  .strictObject({
    source: comparedLine(255).optional(),
    id: comparedLine(300).optional(),
    order_id: z.uuid().optional(),
    type: comparedLine(255).optional(),
    reason,
  })
  .refine(({ source, id, order_id, type }) => [source, id, order_id, type].some((one) => one !== undefined), {
    message: 'must say which: source, id, order_id or type',
  })
  .openapi('DeadEventsRequest', {
    description: 'Which dead letters, by all that is given.',
    example: { source: 'webhook:payments', id: 'msg_0199c1d2', reason: 'the order is imported now' },
  });

const answerSchema = z
  .strictObject({ events: z.int().openapi({ description: 'How many dead letters that were.' }) })
  .openapi('DecidedDeadEvents');

/** `POST /inbox/retry` and `POST /inbox/skip`: an operator decides about dead letters. */
export function decideDeadEventsRoutes(api: Api) {
  return [
    decideRoute(api, {
      action: 'retry',
      operationId: 'retryInboxEvents',
      summary: 'Try dead letters again',
      description: 'Events that became dead letters are applied as if they had just come.',
    }),
    decideRoute(api, {
      action: 'skip',
      operationId: 'skipInboxEvents',
      summary: 'Drop dead letters',
      description: 'They change nothing, and stay on record with the reason.',
    }),
  ] as const;
}

interface DecideRoute {
  readonly action: 'retry' | 'skip';
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}

function decideRoute({ allow, database }: Api, { action, ...about }: DecideRoute) {
  const route = createRoute({
    method: 'post',
    path: `/api/v1/inbox/${action}`,
    ...about,
    tags: ['inbox'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
    responses: { 200: json(answerSchema, 'It is done.'), ...problemResponses(...bodyStatuses) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { reason: why, order_id: orderId, ...which } = c.req.valid('json');
      const dead = { ...which, orderId };
      const { actor } = c.get('caller');
      const { db } = database;
      const events =
        action === 'retry'
          ? await retryInboxEvents(db, dead)
          : await skipInboxEvents(db, dead, `dropped by ${actor}: ${why}`);
      return c.json({ events }, 200);
    },
  });
}
