import type { OpenAPIHono } from '@hono/zod-openapi';
import { orderBatchDocs } from '../imports/create-batch.ts';
import type { ApiEnv } from '../../env.ts';
import { describeEventWebhooks } from './event-webhooks.ts';

/** Serves `/openapi.json`, written once, at the first request. */
export function serveOpenApi(app: OpenAPIHono<ApiEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearerAuth', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: '`sub` is the customer id; `roles` lists any of customer, service, support, operator and admin.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'webhookSignature', {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'A Standard Webhooks signature (https://www.standardwebhooks.com).',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'stripeSignature', {
    type: 'apiKey',
    in: 'header',
    name: 'stripe-signature',
    description: "Stripe's signature of an event (https://docs.stripe.com/webhooks/signature).",
  });
  app.openAPIRegistry.registerComponent('schemas', 'OrderBatch', orderBatchDocs);
  describeEventWebhooks(app);
  let document: string | undefined;
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(app.getOpenAPI31Document(about));
    return c.body(document, 200, { 'content-type': 'application/json' });
  });
}

/** Finds the id of the operation at a method and path, as the router writes paths; every route has been added when it is asked. */
export function operationsOf(app: OpenAPIHono<ApiEnv>): (method: string, path: string) => string | undefined {
  let operations: Map<string, string> | undefined;
  const read = () =>
    new Map(
      app.openAPIRegistry.definitions.flatMap((definition) => {
        if (definition.type !== 'route') return [];
        const { method, path, operationId } = definition.route;
        const at = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
        return operationId === undefined ? [] : [[at, operationId] as const];
      }),
    );
  return (method, path) => (operations ??= read()).get(`${method} ${path}`);
}

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Orders API',
    version: '1.0.0',
    description:
      'Places orders and follows them through. Every order is a durable saga: what was accepted goes on by itself, whatever fails. ' +
      'Every refusal is a problem (RFC 9457) whose `code` programs decide by.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  tags: [
    { name: 'orders', description: 'Placing orders, and what happens to them.' },
    { name: 'coupons', description: 'What orders may be discounted by.' },
    { name: 'imports', description: 'Many orders at once.' },
    { name: 'events', description: 'What is sent by itself to whoever has subscribed.' },
    { name: 'payments', description: 'What the payment service says by itself.' },
    { name: 'reconciliations', description: "The payment service's list against what is on record." },
    { name: 'inventory', description: 'What the inventory service says by itself.' },
    { name: 'notifications', description: 'What customers are told about their orders.' },
    { name: 'inbox', description: 'Events of other services, and what became of them.' },
    { name: 'shipping', description: 'What carriers say by themselves.' },
    { name: 'webhooks', description: 'Who is sent events.' },
    { name: 'reports', description: 'Figures, for staff.' },
    { name: 'audit', description: 'What staff and services did.' },
    { name: 'saga', description: 'What staff see and do behind the scenes.' },
  ],
};
