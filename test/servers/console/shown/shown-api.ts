import { Hono } from 'hono';
import * as operations from './shown-operations.ts';
import { orderList, shownOrders } from './shown-order.ts';
import * as work from './shown-work.ts';

/** An API that answers what the pictures show, whoever asks. */
export function createShownApi(): Hono {
  const api = new Hono().basePath('/api/v1');
  addOrders(api);
  addWork(api);
  addOperations(api);
  const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no such order.' };
  api.notFound((c) =>
    c.json({ ...problem, code: 'ORD004', details: [] }, 404, { 'content-type': 'application/problem+json' }),
  );
  return api;
}

function addOrders(api: Hono): void {
  api.get('/orders', (c) => c.json(c.req.query('q') === 'nothing' ? { data: [], next_cursor: null } : orderList));
  // A stream in which nothing happens.
  api.get(
    '/orders/:id/events',
    () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }),
  );
  api.get('/orders/:id/details', async (c, next) => {
    const details = shownOrders[c.req.param('id')];
    return details ? c.json(details) : await next();
  });
}

function addWork(api: Hono): void {
  api.get('/queues', (c) => c.json(work.queueCounts));
  api.get('/queues/:queue', (c) =>
    c.json(c.req.param('queue') === 'REVIEW' ? { data: [], next_cursor: null } : work.queued),
  );
  api.get('/sagas/waiting', (c) => c.json(c.req.query('cause') === 'RETRYING' ? work.retrying : work.waiting));
  api.get('/notifications', (c) => c.json(work.messages));
  api.get('/events', (c) => c.json(work.deadLetters));
  api.get('/inbox', (c) => c.json(work.unapplied));
  api.post('/sagas/resolve', (c) => c.json(work.resolutionPreview));
  api.get('/sagas/resolve', (c) => c.json(work.resolutions));
  api.get('/sagas/resolve/:id', (c) => c.json(work.resolution));
}

function addOperations(api: Hono): void {
  api.post('/imports', (c) => c.json(operations.dryRun));
  api.get('/imports', (c) => c.json(operations.imports));
  api.get('/imports/:id/errors', (c) => c.text(operations.importErrors));
  api.get('/imports/:id', (c) => c.json(operations.imports.data[0]));
  api.get('/reports/hours', (c) => c.json(operations.hours));
  api.get('/reports/steps', (c) => c.json(operations.steps));
  api.get('/reports/processing-times', (c) => c.json(operations.times));
  api.get('/workers', (c) => c.json(operations.workers));
  api.get('/events/sinks', (c) => c.json(operations.sinks));
  api.get('/webhook-endpoints', (c) => c.json(operations.endpoints));
  api.get('/reconciliations', (c) => c.json(operations.reports));
  api.get('/reconciliations/:id', (c) => c.json(operations.reconciliation));
  api.get('/audit', (c) => c.json(operations.audit));
}
