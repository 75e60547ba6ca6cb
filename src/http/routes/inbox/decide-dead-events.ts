import { defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { comparedLine, reason } from '../../../orders/text-schemas.ts';
import { retryInboxEvents, skipInboxEvents } from '../../../repositories/inbox.ts';
import type { Api } from '../../api.ts';
import { decisionOperation, type DecisionDocs } from '../../schemas/decision-operation.ts';

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

function decideRoute({ allow, database }: Api, docs: DecisionDocs) {
  const { action } = docs;
  const route = decisionOperation(docs, {
    tag: 'inbox',
    middleware: allow('operator', 'admin'),
    body: requestSchema,
    answer: answerSchema,
    answered: 'It is done.',
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
