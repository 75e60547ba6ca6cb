import type { HttpBindings } from '@hono/node-server';
import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { hasRole } from '../../../domain/caller.ts';
import { openEventStream } from './event-stream.ts';
import { openOrderStream } from './open-order-stream.ts';
import { orderStreamEventSchema } from '../../schemas/order-event-schema.ts';
import { requireRoomForStream, streamLife } from '../../../access/stream-shares.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, findVisibleOrder } from '../../../orders/find-visible-order.ts';

const description = `
Server-sent events, one for each change of the order, within moments of it:

- \`order.snapshot\`: the order as \`GET /orders/{id}\` shows it. It comes first, unless \`Last-Event-ID\` names an event of the order that
  is still on record (\`OUTBOX_RETENTION\`, 7 days): then the stream goes on behind that one and leaves nothing out.
- \`order.created\`, \`order.confirmed\`, \`order.payment_failed\`, … : the order came into this status. \`order.updated\`: anything else
  about it changed, such as \`payment_status\` or \`saga_state\`. \`data\` says how it stood right then.
- \`payment.processed\`, \`payment.failed\`, \`payment.refunded\`: a charge or refund, before what follows from it.
- \`end\`: the order is final and nothing more will come; the stream ends. Whoever comes back with the last id gets 204,
  at which \`EventSource\` stays away.

Lines that begin with a colon keep the connection alive. A stream ends without \`end\` after an hour, when its token expires, when this
service restarts, or when the client reads too slowly: come back with \`Last-Event-ID\`.`;

/** `GET /orders/{id}/events`: an order's events, as they happen. */
export function streamOrderEventsRoute(api: Api) {
  const { shares } = api;
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/events',
    operationId: 'streamOrderEvents',
    summary: 'Follow an order',
    description,
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: z.object({
        'Last-Event-ID': z
          .string()
          .regex(/^\d{1,15}$/, 'must be the id of an event of this stream')
          .optional()
          .openapi({ description: 'The last event that the client has.', example: '42' }),
      }),
    },
    responses: {
      200: { description: 'The events.', content: { 'text/event-stream': { schema: orderStreamEventSchema } } },
      204: { description: 'The order is final and the client has its last event.' },
      ...problemResponses(404),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { id } = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      requireRoomForStream(api.feed.countSubscribers());
      // A HEAD request has no body: a stream would never be read.
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      const limits = {
        lifeMs: streamLife(caller).lifeMs,
        cutOff: () => (c.env as Partial<HttpBindings>).outgoing?.destroy(),
      };
      const lastEventId = c.req.valid('header')['Last-Event-ID'];
      const open = (onEnd?: () => void) =>
        openOrderStream(api, id, lastEventId, (unsubscribe) =>
          openEventStream(limits, () => {
            unsubscribe();
            onEnd?.();
          }),
        );
      // Staff and services follow orders of many customers.
      const body = await (hasRole(caller, orderReaders) ? open() : shares.take(caller.subject, open));
      return body ? c.body(body, 200, streamHeaders) : c.body(null, 204);
    },
  });
}

/** Headers that keep caches and proxies from holding events back. */
const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};
