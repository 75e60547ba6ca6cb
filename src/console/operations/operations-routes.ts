import type { Hono } from 'hono';
import type { ConsoleEnv } from '../console-env.ts';
import { auditPage } from '../pages/audit-page.ts';
import { operationsPage } from '../pages/operations-page.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Pages for operators: how the system does, and who did what. */
export function addOperationsRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/operations', async (c) => {
    const view = c.get('view');
    const { client } = view;
    const from = new Date(Date.now() - DAY_MS).toISOString();
    // First, so that whoever may not see it is told so.
    const sinks = await client.listEventSinks();
    const [statuses, times, inbox, reports] = await Promise.all([
      client.reportStatuses({ from }),
      client.reportProcessingTimes({ from }),
      client.listInboxEvents({ state: 'DEAD', limit: 50 }),
      client.listReconciliations(),
    ]);
    return await c.html(
      operationsPage(view, {
        sinks: sinks.data,
        statuses: statuses.data,
        times: times.data,
        inbox: inbox.data,
        reports: reports.data,
      }),
    );
  });
  app.get('/audit', async (c) => {
    const view = c.get('view');
    const query = c.req.query();
    const given = (['order_id', 'actor', 'from', 'to'] as const).flatMap((name) =>
      query[name] ? [[name, query[name]] as const] : [],
    );
    const filters = Object.fromEntries(given);
    const page = await view.client.listAudit({
      ...filters,
      limit: 100,
      ...(query['cursor'] !== undefined && { cursor: query['cursor'] }),
    });
    const next = page.next_cursor === null ? undefined : new URLSearchParams({ ...filters, cursor: page.next_cursor });
    return await c.html(auditPage(view, page.data, { filters, next: next && `/console/audit?${next.toString()}` }));
  });
}
