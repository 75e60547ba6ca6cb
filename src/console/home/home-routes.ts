import type { Hono } from 'hono';
import type { ConsoleEnv } from '../console-env.ts';
import { homePage } from '../pages/home-page.ts';

/** The start: what waits for somebody, and the newest orders. */
export function addHomeRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/', async (c) => {
    const view = c.get('view');
    const [waiting, newest] = await Promise.all([
      view.client.listWaitingOrders({ limit: 50 }),
      view.client.listOrders({ limit: 15 }),
    ]);
    return await c.html(homePage(view, { waiting: waiting.data, newest: newest.data }));
  });
}
