import type { Hono } from 'hono';
import type { ConsoleDependencies, ConsoleEnv } from './console-env.ts';
import { addHomeRoutes } from './home/home-routes.ts';
import { addImportRoutes } from './imports/import-routes.ts';
import { addUploadRoutes } from './imports/upload-routes.ts';
import { addOperationsRoutes } from './operations/operations-routes.ts';
import { addListRoutes } from './order/list-routes.ts';
import { addOrderRoutes } from './order/order-routes.ts';
import { addQueueRoutes } from './queues/queue-routes.ts';
import { addResolutionRoutes } from './queues/resolution-routes.ts';

/** Everything that somebody who is signed in sees and does. */
export function addPages(app: Hono<ConsoleEnv>, dependencies: ConsoleDependencies): void {
  addHomeRoutes(app);
  addListRoutes(app);
  addOrderRoutes(app, dependencies);
  addQueueRoutes(app);
  addResolutionRoutes(app);
  // Before the pages of single imports, none of which is called so.
  addUploadRoutes(app);
  addImportRoutes(app, dependencies);
  addOperationsRoutes(app, dependencies);
}
