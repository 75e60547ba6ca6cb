import { defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { readMoment } from '../../../orders/read-moment.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { decideDeliveries } from '../../../repositories/list-deliveries.ts';
import type { Api } from '../../api.ts';
import { decisionOperation, type DecisionDocs } from '../../schemas/decision-operation.ts';
import { deliveryFilters } from './delivery-schemas.ts';

/** Deliveries decided on by one request: it takes some ten milliseconds. */
const MOST_DECIDED = 1_000;

const decisionSchema = z
  .strictObject({
    ...deliveryFilters,
    state: z.enum(['DEAD', 'PENDING']).default('DEAD').openapi({
      description: '`DEAD`: dead letters. `PENDING`: those that are tried again or wait behind others.',
    }),
    reason,
  })
  .refine(
    ({ sink, order_id: order, event_id: event, type, since }) =>
      [sink, order, event, type, since].some((given) => given !== undefined),
    'must name a sink, an order, an event, a type or a time',
  )
  .openapi('EventDecision');

const outcomeSchema = z
  .strictObject({
    events: z.int().openapi({ description: 'How many deliveries it was about.' }),
    has_more: z.boolean().openapi({ description: 'Whether there may be more, for which to send the request again.' }),
  })
  .openapi('EventDecisionOutcome');

/** `POST /events/retry` and `POST /events/skip`: an operator decides about deliveries. */
export function decideEventsRoutes(api: Api) {
  return [decisionRoute(api, retrying), decisionRoute(api, skipping)] as const;
}

const retrying: DecisionDocs = {
  action: 'retry',
  operationId: 'retryEvents',
  summary: 'Send events again',
  description:
    'Dead letters are sent once more, at once, and after each the events of its order that wait behind it, in order. One that is rejected again is a dead letter again. ' +
    'With `state=PENDING` events that wait for their next attempt are sent at once.',
};

const skipping: DecisionDocs = {
  action: 'skip',
  operationId: 'skipEvents',
  summary: 'Give up events',
  description: 'The sink never gets these events; the later ones of their orders, which waited behind them, go on.',
};

function decisionRoute({ allow, config, database, logger }: Api, docs: DecisionDocs) {
  const { action } = docs;
  const route = decisionOperation(docs, {
    tag: 'events',
    middleware: allow('operator', 'admin'),
    body: decisionSchema,
    answer: outcomeSchema,
    answered: 'How many it was about.',
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { sink, state, order_id: subjectId, event_id: event, type, since } = c.req.valid('json');
      const filter = {
        sink,
        state,
        subjectId,
        eventId: event === undefined ? undefined : Number(event),
        type,
        since: since === undefined ? undefined : readMoment(since, config.order.timeZone),
      };
      const events = await decideDeliveries(database.db, action, filter, MOST_DECIDED);
      logger.info({ decision: action, sink, state, events }, 'operator decided about events');
      return c.json({ events, has_more: events === MOST_DECIDED }, 200);
    },
  });
}
