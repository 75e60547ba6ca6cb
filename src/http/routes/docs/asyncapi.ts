import { Hono } from 'hono';
import type { Config } from '../../../config.ts';
import { asyncApiDocument, type TopicNames } from '../../../events/catalogue/async-api.ts';
import type { ApiEnv } from '../../env.ts';
import { ownFilesOnly } from './docs.ts';
import { eventsPage } from './events-page.ts';

/** What topics are called where nothing else is set. */
const usualTopics: TopicNames = {
  published: { orders: 'orders.events', payments: 'payments.events' },
  updates: { payments: 'payments.updates', inventory: 'inventory.updates', shipping: 'shipping.updates' },
};

/** `/asyncapi.json`, and `/docs/events`, which shows it with nothing loaded from elsewhere; both are written once, at the first request. */
export function asyncApiRoutes({ kafka }: Pick<Config, 'kafka'>): Hono<ApiEnv> {
  const topics = kafka ? { published: kafka.topics, updates: kafka.consumer.topics } : usualTopics;
  const app = new Hono<ApiEnv>();
  let document: string | undefined;
  app.get('/asyncapi.json', (c) => {
    document ??= JSON.stringify(asyncApiDocument(topics));
    return c.body(document, 200, { 'content-type': 'application/json' });
  });
  let page: string | undefined;
  app.get('/docs/events', ownFilesOnly, async (c) => {
    page ??= String(await eventsPage(asyncApiDocument(topics)));
    return c.html(page);
  });
  return app;
}
