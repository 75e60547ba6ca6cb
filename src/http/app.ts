import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { createRateLimiter } from '../repositories/rate-limits.ts';
import type { Api, ApiDependencies, ApiEnv } from './api.ts';
import { allowOrigins } from './allow-origins.ts';
import { allowRoles } from './allow-roles.ts';
import { createAudit } from './audit.ts';
import { authenticator } from './authenticate.ts';
import { docsRoutes } from './docs.ts';
import { loggable, toProblem } from './error-to-problem.ts';
import { createGate } from './gate.ts';
import { healthRoutes } from './health.ts';
import { createRateLimits } from './limit-rate.ts';
import { limitTime } from './limit-time.ts';
import { createMetrics } from './metrics.ts';
import { observeRequests } from './observe-requests.ts';
import { operationsOf, serveOpenApi } from './openapi.ts';
import { ProblemError, problemResponse } from './problem.ts';
import { ownMethodsOnly, wrongMethod } from './refuse-methods.ts';
import { refuseUnknownQueries } from './refuse-query.ts';
import { addItem, changeItem, removeItem } from './routes/amend-items.ts';
import { requireUtf8 } from './require-utf8.ts';
import { cancelOrder, deleteOrder } from './routes/cancel-order.ts';
import { cancelImport, pauseImport, resumeImport } from './routes/command-import.ts';
import { changeStatus } from './routes/change-status.ts';
import { createBatch } from './routes/create-batch.ts';
import { createImport, UPLOAD_PATH } from './routes/create-import.ts';
import { createOrder } from './routes/create-order.ts';
import { getCoupon } from './routes/get-coupon.ts';
import { editOrder } from './routes/edit-order.ts';
import { exportOrders } from './routes/export-orders.ts';
import { getImport, getImportErrors } from './routes/get-import.ts';
import { getOrderStatus } from './routes/get-order-status.ts';
import { getOrder } from './routes/get-order.ts';
import { listCoupons } from './routes/list-coupons.ts';
import { listAudit } from './routes/list-audit.ts';
import { listOrderHistory } from './routes/list-order-history.ts';
import { listOrderItems } from './routes/list-order-items.ts';
import { listOrderPayments } from './routes/list-order-payments.ts';
import { listOrderReturns } from './routes/list-order-returns.ts';
import { listOrderShipments } from './routes/list-order-shipments.ts';
import { listOrders } from './routes/list-orders.ts';
import { listSagaSteps } from './routes/list-saga-steps.ts';
import { putCoupon } from './routes/put-coupon.ts';
import { receivePaymentWebhook } from './routes/receive-payment-webhook.ts';
import { reportProcessingTimes } from './routes/report-processing-times.ts';
import { reportProducts } from './routes/report-products.ts';
import { reportSales } from './routes/report-sales.ts';
import { reportStatuses } from './routes/report-statuses.ts';
import { resolveStep } from './routes/resolve-step.ts';
import { returnItems } from './routes/return-items.ts';
import { retryPayment } from './routes/retry-payment.ts';
import { streamOrderEvents } from './routes/stream-order-events.ts';
import { refuseInvalid } from './validation.ts';

/** They share their look-ups and statements, so that it takes many at once to be fast; more than this are not faster. */
const ACCEPTANCES_AT_ONCE = 256;

/** A crowd that waits looks at its orders all at once, and leaves connections to those who do something. */
const READS_AT_ONCE = 8;

/** Each may read a year of orders: orders come first. */
const REPORTS_AT_ONCE = 2;

/** The HTTP API. Throws `ConfigError` when there is no way to check tokens; keeps nothing outside of what it returns. */
export function createApi(dependencies: ApiDependencies) {
  const { config, database, logger } = dependencies;
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: (result) => refuseInvalid(result) });
  const { rateLimit, corsOrigins } = config.api;
  const api: Api = {
    ...dependencies,
    allow: allowRoles({
      authenticate: authenticator(config.auth),
      limits: createRateLimits(rateLimit > 0 ? createRateLimiter(database.pool, rateLimit) : undefined),
      audit: createAudit(database.db, logger, operationsOf(app)),
    }),
    acceptance: createGate(ACCEPTANCES_AT_ONCE),
    reading: createGate(READS_AT_ONCE),
    reporting: createGate(REPORTS_AT_ONCE),
  };
  const metrics = createMetrics(database);

  app.use(requestId());
  app.use(observeRequests(logger, metrics));
  app.use(secureHeaders(securityHeaders));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  const routes = refuseUnknownQueries(routesOf(api));
  app.use(ownMethodsOnly(routes));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, allowed) => problemResponse(c, wrongMethod(allowed)) }));
  app.use('/api/*', unlessUploaded(limitTime()));
  app.use(checkBody);
  app.notFound((c) => problemResponse(c, new ProblemError('NOT_FOUND', 'There is nothing at this path.')));
  app.onError((error, c) => answerError(error, c, api));

  app.route('/', healthRoutes(api, metrics));
  app.route('/', docsRoutes());
  serveOpenApi(app);
  return app.openapiRoutes(routes);
}

/** What a browser needs to know of an API: nothing here is a page, but for the documentation, which has a policy of its own. */
const securityHeaders = {
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  overwrite: false,
  // For browsers and plug-ins that are gone, and for pages only.
  xDownloadOptions: false,
  xDnsPrefetchControl: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  originAgentCluster: false,
} satisfies Parameters<typeof secureHeaders>[0];

function routesOf(api: Api) {
  return [
    createOrder(api),
    listOrders(api),
    // Before the orders' own routes: else it would be an order named so.
    exportOrders(api),
    createBatch(api),
    getOrder(api),
    deleteOrder(api),
    cancelOrder(api),
    getOrderStatus(api),
    changeStatus(api),
    editOrder(api),
    listOrderItems(api),
    addItem(api),
    changeItem(api),
    removeItem(api),
    returnItems(api),
    listOrderReturns(api),
    listOrderShipments(api),
    listOrderHistory(api),
    listOrderPayments(api),
    streamOrderEvents(api),
    retryPayment(api),
    listSagaSteps(api),
    resolveStep(api),
    reportSales(api),
    reportStatuses(api),
    reportProducts(api),
    reportProcessingTimes(api),
    listAudit(api),
    createImport(api),
    getImport(api),
    getImportErrors(api),
    pauseImport(api),
    resumeImport(api),
    cancelImport(api),
    receivePaymentWebhook(api),
    putCoupon(api),
    listCoupons(api),
    getCoupon(api),
  ] as const;
}

/** A thousand lines of an order fit in well; what is larger is a mistake or an attack. */
const MAX_BODY_BYTES = 1_000_000;

/** A thousand orders of fifty lines each, with room for long addresses. */
const MAX_BATCH_BYTES = 20_000_000;

const readLimited = limitedTo(MAX_BODY_BYTES);
const readBatch = limitedTo(MAX_BATCH_BYTES);

/** A large file over a slow line takes its time, and has a size of its own. */
function unlessUploaded(limit: MiddlewareHandler): MiddlewareHandler {
  return (c, next) => (c.req.path === UPLOAD_PATH ? next() : limit(c, next));
}

/**
 * Looking at how long a body is costs time, and is only needed where the request does not say so; a file is counted where it is
 * streamed.
 */
const checkBody: MiddlewareHandler<ApiEnv> = (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.path === UPLOAD_PATH) return next();
  const length = c.req.header('Content-Length');
  const isSmall = length !== undefined && /^\d{1,6}$/.test(length) && c.req.header('Transfer-Encoding') === undefined;
  if (isSmall) return requireUtf8(c, next);
  const limited = c.req.path === '/api/v1/orders/batch' ? readBatch : readLimited;
  return limited(c, async () => void (await requireUtf8(c, next)));
};

function limitedTo(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new ProblemError('VALIDATION', `The body is larger than ${maxBytes / 1_000_000} MB.`, {
        status: 413,
        details: [{ pointer: '', message: `must be at most ${maxBytes} bytes` }],
      });
    },
  });
}

function answerError(error: Error, c: Context<ApiEnv>, { logger }: Api): Response {
  const problem = toProblem(error);
  const fields = {
    request_id: c.get('requestId'),
    code: problem.code,
    ...(problem.orderId && { order_id: problem.orderId }),
  };
  if (problem.status >= 500) logger.error({ ...fields, err: loggable(problem.cause ?? problem) }, 'request failed');
  else logger.debug(fields, 'request refused');
  return problemResponse(c, problem);
}
