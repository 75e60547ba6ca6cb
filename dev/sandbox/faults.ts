import { setTimeout as pause } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { Logger } from '../../src/logger.ts';
import type { Pool } from './database.ts';
import { faultBody } from './fault-store.ts';
import type { Fault, FaultStore } from './fault-store.ts';
import { faultTarget } from './fault-target.ts';
import type { Later } from './pending-requests.ts';
import { Refusal } from './refusal.ts';
import { readBody } from './request.ts';
import type { SandboxEnv } from './request.ts';

/** How long a mode waits, in milliseconds, unless the fault sets `delay_ms`. */
const SLOW_MS = 1_000;
const LATE_MS = 2_000;
const HOLD_MS = 30_000;

/** What the middleware needs. */
export interface FaultSurroundings {
  db: Pool;
  store: FaultStore;
  logger: Logger;
  /** Aborted when the sandbox closes; ends all waiting. */
  closing: AbortSignal;
  /** Handles a request as if it came from outside. */
  handle: (request: Request) => Response | Promise<Response>;
}

/** Adds, lists and removes faults. */
export function faultRoutes(store: FaultStore): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.post('/faults', async (c) => c.json(await store.add(await readBody(c, faultBody)), 201));
  app.get('/faults', (c) => c.json({ data: store.list() }));
  app.delete('/faults', async (c) => {
    await store.clear();
    return c.body(null, 204);
  });
  app.delete('/faults/:id', async (c) => {
    const id = c.req.param('id');
    if (!(await store.remove(id))) throw new Refusal(404, 'UNKNOWN_FAULT', `no fault "${id}"`);
    return c.body(null, 204);
  });
  return app;
}

/** Applies the oldest matching fault to a request. */
export function injectFaults(surroundings: FaultSurroundings): MiddlewareHandler<SandboxEnv> {
  const { db, store } = surroundings;
  // Requests that are handled late have had their fault already.
  const late = new WeakSet<Request>();
  const beingAccepted = new Map<string, Promise<void>>();
  return async (c, next) => {
    if (late.has(c.req.raw)) c.set('unheard', true);
    const isUndisturbed = store.list().length === 0 && beingAccepted.size === 0;
    if (isUndisturbed || late.has(c.req.raw)) return next();
    // Read the body now, while the client is connected; a late handler finds it in the context.
    const body = await c.req.text();
    const target = faultTarget(c, db, body);
    if (target === undefined) return next();
    const { method: asked, path } = c.req;
    const name = [asked, path, c.req.header('idempotency-key') ?? '', body].join(' ');
    // The same request again must not be carried out while the one before it is still being accepted for later.
    await beingAccepted.get(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    beingAccepted.set(name, promise);
    const letOthersIn = () => {
      if (beingAccepted.get(name) === promise) beingAccepted.delete(name);
      resolve();
    };
    try {
      const fault = await store.take(target);
      if (fault === undefined || !isAnsweredLater(fault)) letOthersIn();
      if (fault === undefined) return await next();
      return await act(fault, c, next, surroundings, () => {
        const { url, method, headers } = c.req.raw;
        const request = new Request(url, { method, headers, ...(body !== '' && { body }) });
        late.add(request);
        return request;
      });
    } finally {
      letOthersIn();
    }
  };
}

function isAnsweredLater({ mode }: Fault): boolean {
  return mode === 'answer_later' || mode === 'refuse_later' || mode === 'answer_never';
}

async function act(
  fault: Fault,
  c: Context<SandboxEnv>,
  next: Next,
  { closing, handle, logger }: FaultSurroundings,
  copy: () => Request,
): Promise<Response | void> {
  switch (fault.mode) {
    case 'down':
      throw new Refusal(503, 'UNAVAILABLE', 'the service is down');
    case 'fail_before_effect':
      throw failure();
    case 'fail_after_effect':
      c.set('unheard', true);
      await next();
      throw failure();
    case 'timeout_after_effect':
      c.set('unheard', true);
      await next();
      return neverAnswer(c, fault.delay_ms ?? HOLD_MS, closing);
    case 'late_effect':
      void handleLater(handle, copy(), fault.delay_ms ?? LATE_MS, closing, logger);
      throw new Refusal(504, 'TIMEOUT', 'the service did not answer in time');
    case 'decline':
      return decline(c, next);
    case 'answer_later':
    case 'refuse_later':
      return answerLater(c, next, { afterMs: fault.delay_ms ?? LATE_MS, isRefused: fault.mode === 'refuse_later' });
    case 'answer_never':
      return answerLater(c, next, { afterMs: null, isRefused: false });
    case 'slow':
      await pause(fault.delay_ms ?? SLOW_MS, undefined, { signal: closing });
      return next();
  }
}

/** Declines a card as a bank does, refuses stock as if there were none, and fails everything else. */
async function decline(c: Context<SandboxEnv>, next: Next): Promise<void> {
  const operation = `${c.req.method} ${c.req.path}`;
  if (operation === 'POST /payments') {
    c.set('decline', true);
    return next();
  }
  if (operation !== 'POST /reservations') throw failure();
  const { items } = await c.req.json<{ items?: { sku?: string; quantity?: number }[] }>();
  const details = items?.map(({ sku, quantity }) => ({ sku, requested: quantity, available: 0 }));
  throw new Refusal(409, 'OUT_OF_STOCK', 'not everything is in stock; nothing was taken', details);
}

/** Accepts a charge or reservation with 202 and decides on it later; everything else fails. */
async function answerLater(c: Context<SandboxEnv>, next: Next, later: Later): Promise<void> {
  if (!['POST /payments', 'POST /reservations'].includes(`${c.req.method} ${c.req.path}`)) throw failure();
  c.set('later', later);
  return next();
}

async function handleLater(
  handle: FaultSurroundings['handle'],
  request: Request,
  delayMs: number,
  closing: AbortSignal,
  logger: Logger,
): Promise<void> {
  try {
    await pause(delayMs, undefined, { signal: closing });
    const { status } = await handle(request);
    logger.debug({ status, method: request.method, url: request.url }, 'late effect');
  } catch (error) {
    if (!closing.aborted) logger.error({ err: error }, 'late effect failed');
  }
}

/** Keeps the connection open without an answer, then cuts it; in-process callers get 504. */
async function neverAnswer(c: Context<SandboxEnv>, holdMs: number, closing: AbortSignal): Promise<Response> {
  const outgoing = c.env.outgoing;
  const gone = new AbortController();
  outgoing?.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);
  await pause(holdMs, undefined, { signal }).catch(() => undefined);
  c.res = undefined;
  if (outgoing === undefined) return c.json(new Refusal(504, 'TIMEOUT', 'no answer').body(), 504);
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

function failure(): Refusal {
  return new Refusal(500, 'INTERNAL', 'the service failed');
}
