import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import pLimit from 'p-limit';
import { createAccess, type Access } from '../access/access.ts';
import { holdsCardNumber, maskCardNumbers } from '../domain/card-number.ts';
import type { EndpointDependencies } from '../events/webhooks/manage-endpoints.ts';
import type { ImportDependencies } from '../imports/dependencies.ts';
import { toOrderDependencies } from '../orders/dependencies.ts';
import { isTracing } from '../tracing/trace.ts';
import type { Api, ApiDependencies } from './api.ts';
import { allowOrigins } from './middleware/allow-origins.ts';
import { allowRoles } from './middleware/allow-roles.ts';
import { createAudit } from './middleware/audit.ts';
import { asyncApiRoutes } from './routes/docs/asyncapi.ts';
import { docsRoutes } from './routes/docs/docs.ts';
import { toProblem } from './problems/error-to-problem.ts';
import { forgetCopies } from './middleware/forget-copies.ts';
import { guardRoutes } from './middleware/guard-routes.ts';
import { healthRoutes } from './routes/health/health.ts';
import { traceRequests } from './middleware/trace-requests.ts';
import { createRateLimits } from './middleware/limit-rate.ts';
import { observeRequests } from './middleware/observe-requests.ts';
import { operationsOf, serveOpenApi } from './routes/docs/openapi.ts';
import { ProblemError, problemResponse } from './problems/problem.ts';
import { ownMethodsOnly, wrongMethod } from './middleware/refuse-methods.ts';
import { apiRoutes } from './routes/api-routes.ts';
import { refuseInvalid } from './problems/validation.ts';
import type { ApiEnv } from './env.ts';

/** The HTTP API. Throws `ConfigError` when there is no way to check tokens. */
export function createApi(dependencies: ApiDependencies, access: Access = createAccess(dependencies)) {
  const { config, database, logger, copies } = dependencies;
  const { authenticate, reader } = access;
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: (result) => refuseInvalid(result) });
  const { corsOrigins } = config.api;
  const limits = createRateLimits(access.limiters);
  const audit = createAudit(database.db, logger, operationsOf(app));
  const api: Api = {
    ...dependencies,
    ...access,
    orders: toOrderDependencies(dependencies),
    imports: importDependencies(dependencies),
    endpoints: endpointDependencies(dependencies),
    allow: allowRoles({ authenticate, limits, audit, reader }),
    limits,
  };

  if (isTracing()) app.use(traceRequests);
  app.use(requestId());
  app.use(maskRequestId);
  app.use(observeRequests(logger, config.api.logSample));
  app.use(secureHeaders(securityHeaders));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use('/api/*', forbidStoring);
  if (copies) app.use('/api/*', forgetCopies(copies, database.db));
  const routes = guardRoutes(apiRoutes(api), { silenceMs: config.api.bodySilenceMs, audit: audit.middleware });
  app.use(ownMethodsOnly(routes));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, allowed) => problemResponse(c, wrongMethod(allowed)) }));
  app.notFound((c) => problemResponse(c, new ProblemError('NOT_FOUND', 'There is nothing at this path.')));
  app.onError((error, c) => answerError(error, c, api));

  app.route('/', healthRoutes(api));
  app.route('/', asyncApiRoutes(config));
  app.route('/', docsRoutes());
  serveOpenApi(app);
  return app.openapiRoutes(routes);
}

function endpointDependencies({ config, database }: ApiDependencies): EndpointDependencies {
  const { allowPrivate, requireHttps, secretOverlapMs } = config.webhooks;
  return { db: database.db, rules: { allowPrivate, requireHttps }, secretOverlapMs };
}

/** Concurrent writes of all uploads: more are not faster, and placing orders needs connections, too. */
const UPLOAD_WRITES_AT_ONCE = 4;

function importDependencies(dependencies: ApiDependencies): ImportDependencies {
  const { config, database, importCommands: commands, logger } = dependencies;
  return {
    db: database.db,
    pool: database.pool,
    commands,
    logger,
    write: pLimit(UPLOAD_WRITES_AT_ONCE),
    waitMs: config.order.waitMs,
  };
}

/** Security headers of an API that serves no pages; the documentation page has a policy of its own. */
const securityHeaders = {
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  overwrite: false,
  // These are for old browsers and plug-ins, or for pages only.
  xDownloadOptions: false,
  xDnsPrefetchControl: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  originAgentCluster: false,
} satisfies Parameters<typeof secureHeaders>[0];

/** A request's id may come with it, and is kept in logs and records. */
const maskRequestId: MiddlewareHandler<ApiEnv> = (c, next) => {
  const given = c.req.header('X-Request-Id');
  if (given !== undefined && holdsCardNumber(given)) {
    const masked = maskCardNumbers(c.get('requestId'));
    c.set('requestId', masked);
    c.header('X-Request-Id', masked);
  }
  return next();
};

/** Answers hold personal data: no cache may keep them, unless a route says otherwise. */
const forbidStoring: MiddlewareHandler = (c, next) => {
  c.header('Cache-Control', 'no-store');
  return next();
};

function answerError(error: Error, c: Context<ApiEnv>, { logger }: Api): Response {
  const problem = toProblem(error);
  if (problem.orderId) c.set('orderId', problem.orderId);
  const fields = {
    request_id: c.get('requestId'),
    code: problem.code,
    ...(problem.orderId && { order_id: problem.orderId }),
  };
  if (problem.status >= 500) logger.error({ ...fields, err: problem.cause ?? problem }, 'request failed');
  else logger.debug(fields, 'request refused');
  return problemResponse(c, problem);
}
