import type { Hono } from 'hono';
import type { ConsoleEnv } from '../console-env.ts';
import { homePage, homeTiles } from '../pages/home-page.ts';
import { showPage } from '../show-page.ts';

/** As many as fit under the queues. */
const NEWEST = 15;

/** The start: what waits for somebody, and the newest orders. Only the counts are read again while it is looked at. */
export function addHomeRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/', async (c) => {
    const view = c.get('view');
    if (c.req.header('X-Part') !== undefined)
      return await showPage(c, homeTiles(view, (await view.client.listQueues()).data));
    const [queues, newest] = await Promise.all([view.client.listQueues(), view.client.listOrders({ limit: NEWEST })]);
    return await showPage(c, homePage(view, { queues: queues.data, newest: newest.data }));
  });
}
