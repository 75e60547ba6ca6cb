import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { moment } from '../../../orders/text-schemas.ts';
import { readMoment } from '../../../orders/read-moment.ts';
import { requestPaymentReport } from '../../../orders/reconcile-payments.ts';
import type { Api } from '../../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { reportSchema, reportView } from './report-schemas.ts';

const requestSchema = z
  .strictObject({ from: moment.unwrap(), to: moment.unwrap() })
  .openapi('ReconciliationRequest', { example: { from: '2026-11-01', to: '2026-11-02T00:00:00Z' } });

/** `POST /reconciliations`: compares the payment service's list with our books. */
export function reconcilePaymentsRoute({ allow, config, database: { db }, logger, startReport }: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/reconciliations',
    operationId: 'reconcilePayments',
    summary: "Compare the payment service's list with our books",
    description:
      'Payments that were made, charged or refunded from `from` until before `to`, compared both ways by a durable workflow. What is younger than ' +
      '`PAYMENT_RECONCILE_GRACE`, or under way, is left out: it is no difference. The report says of each difference what to do.',
    tags: ['reconciliations'],
    security: needsToken,
    middleware: allow('operator', 'admin'),
    request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
    responses: {
      202: json(reportSchema, 'It is registered and goes on by itself.', {
        Location: { description: 'Where the report is found.', required: true, schema: { type: 'string' } },
      }),
      ...problemResponses(...bodyStatuses),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { from, to } = c.req.valid('json');
      const { timeZone } = config.order;
      const time = { from: readMoment(from, timeZone), to: readMoment(to, timeZone) };
      const starter = { db, logger, startReport, graceMs: config.paymentReconcileGraceMs };
      const report = await requestPaymentReport(starter, c.get('caller'), time);
      return c.json(reportView(report), 202, { Location: `/api/v1/reconciliations/${report.id}` });
    },
  });
}
