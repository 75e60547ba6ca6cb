import type { Context, Hono } from 'hono';
import { OrdersProblemError } from '../../client/client.ts';
import { callApi, innerUrl } from '../call-api.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../console-env.ts';
import { describeRefusal } from '../describe-refusal.ts';
import { auditPage } from '../pages/audit-page.ts';
import { operationsPage, type Figures } from '../pages/operations-page.ts';
import { reconciliationPage } from '../pages/reconciliation-page.ts';
import { showPage } from '../show-page.ts';
import { may, type View } from '../view.ts';

/** More than are looked at; the API has all of them. */
const ENDPOINTS_SHOWN = 100;

const DAY_MS = 24 * 60 * 60_000;

/** Stuck orders that are shown beside everything else. */
const STUCK_SHOWN = 10;

/** Pages for operators: how the system does, and who did what. */
export function addOperationsRoutes(app: Hono<ConsoleEnv>, { api }: ConsoleDependencies): void {
  app.get('/operations', async (c) => {
    const view = c.get('view');
    return await showPage(c, operationsPage(view, await readFigures(view)));
  });
  app.get('/reconciliations/:id', async (c) => {
    const view = c.get('view');
    return await showPage(c, reconciliationPage(view, await view.client.getReconciliation({ id: c.req.param('id') })));
  });
  app.get('/reconciliations/:id/differences.csv', async (c) =>
    download(c, api, `/api/v1/reconciliations/${encodeURIComponent(c.req.param('id'))}/differences`),
  );
  app.get('/audit', showAudit);
  app.get('/audit.csv', async (c) => {
    const query = new URLSearchParams(filtersOf(c)).toString();
    return await download(c, api, `/api/v1/audit/export?${query}`);
  });
}

async function readFigures(view: View): Promise<Figures> {
  const { client } = view;
  const from = new Date(Date.now() - DAY_MS).toISOString();
  // Asked for first: a caller without the role is refused here, before anything else is read.
  const sinks = await client.listEventSinks();
  const [hours, steps, times, workers, queues, stuck, reports, endpoints] = await Promise.all([
    client.reportHours({ from }),
    client.reportSteps({ from }),
    client.reportProcessingTimes({ from }),
    client.listWorkers().catch((error: unknown) => {
      if (error instanceof OrdersProblemError && error.status === 503) return undefined;
      throw error;
    }),
    client.listQueues(),
    client.listWaitingOrders({ stuck: true, limit: STUCK_SHOWN }),
    client.listReconciliations(),
    may(view, ['admin']) ? client.listWebhookEndpoints({ limit: ENDPOINTS_SHOWN }) : undefined,
  ]);
  return {
    sinks: sinks.data,
    hours: hours.data,
    steps: steps.data,
    times: times.data,
    workers,
    queues: queues.data,
    stuck: stuck.data,
    reports: reports.data,
    endpoints: endpoints?.data,
  };
}

const filterNames = ['order_id', 'actor', 'operation', 'from', 'to'] as const;

function filtersOf({ req }: Context): Readonly<Record<string, string>> {
  const query = req.query();
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = query[name]?.trim() ?? '';
      return value === '' ? [] : [[name, name === 'operation' ? operationOf(value) : value] as const];
    }),
  );
}

/** `refundPayment`, also from `Refund payment`, as the list shows it. */
function operationOf(words: string): string {
  const joined = words.replaceAll(/\s+(\S)/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

async function showAudit(c: Context<ConsoleEnv>): Promise<Response> {
  const view = c.get('view');
  const filters = filtersOf(c);
  const cursor = c.req.query('cursor');
  try {
    const page = await view.client.listAudit({ ...filters, limit: 100, ...(cursor !== undefined && { cursor }) });
    const next = page.next_cursor === null ? undefined : new URLSearchParams({ ...filters, cursor: page.next_cursor });
    return await showPage(
      c,
      auditPage(view, page.data, { filters, next: next && `/console/audit?${next.toString()}` }),
    );
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || error.status !== 400) throw error;
    return await showPage(c, auditPage(view, [], { filters, next: undefined, fault: describeRefusal(error) }), 400);
  }
}

async function download(c: Context<ConsoleEnv>, api: ConsoleDependencies['api'], path: string): Promise<Response> {
  const { caller } = c.get('view').signedIn;
  return await callApi(api, { caller }, new Request(innerUrl(path)));
}
