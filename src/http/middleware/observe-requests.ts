import type { Context, MiddlewareHandler } from 'hono';
import type { Logger } from '../../logger.ts';
import { changeGauge, observeSeconds } from '../../metrics/record-metrics.ts';
import { runForRequest, traceIdOf } from '../../request-context.ts';
import { activeTraceparent } from '../../tracing/trace.ts';
import { createSampler } from '../../access/sample-reads.ts';
import type { CallerEnv } from '../env.ts';
import { orderOf, routeOf } from './describe-request.ts';

/**
 * Logs and measures every request by its route, never by its path, query or body, which may hold anything. All that is logged and done for
 * it names its id. Of reads that succeed, which may be many and change nothing, a part is logged; see {@link createSampler}.
 */
export function observeRequests(logger: Logger, logSample: number): MiddlewareHandler<CallerEnv> {
  const isReadLogged = createSampler(logSample);
  return async (c, next) => {
    const startedAt = performance.now();
    const traceId = traceIdOf(activeTraceparent() ?? c.req.header('traceparent'));
    changeGauge('http_requests_in_flight', {}, 1);
    try {
      await runForRequest({ requestId: c.get('requestId'), traceId }, next);
    } finally {
      changeGauge('http_requests_in_flight', {}, -1);
    }
    const durationMs = performance.now() - startedAt;
    const route = routeOf(c);
    const method = methodOf(c);
    const { status } = c.res;
    observeSeconds('http_request_duration_seconds', { method, route, status: String(status) }, durationMs / 1_000);
    const level = levelOf(route, method, status, isReadLogged);
    if (level === undefined || !logger.isLevelEnabled(level)) return;
    const fields = {
      request_id: c.get('requestId'),
      ...(traceId !== undefined && { trace_id: traceId }),
      ...orderOf(c, route),
      method,
      route,
      status,
      duration_ms: Math.round(durationMs * 10) / 10,
      role: roleOf(c),
    };
    logger[level](fields, 'request');
  };
}

/** Probes come every few seconds and say nothing while they succeed. */
const probes = ['/healthz', '/readyz'];

/** At which level a request is logged; `undefined`: not at all. */
function levelOf(
  route: string,
  method: string,
  status: number,
  isReadLogged: () => boolean,
): 'info' | 'debug' | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead || status >= 400) return 'info';
  if (probes.includes(route)) return 'debug';
  return isReadLogged() ? 'info' : undefined;
}

/** Methods that the API knows; a client can send any other. */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

function methodOf({ req: { method } }: Context): string {
  return methods.includes(method) ? method : 'OTHER';
}

/** The strongest role of whoever asks; none of an unknown caller. */
function roleOf(c: Context<CallerEnv>): string {
  const caller = c.get('caller') as CallerEnv['Variables']['caller'] | undefined;
  return caller?.roles[0] ?? 'none';
}
