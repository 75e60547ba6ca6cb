import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { reportPercentiles, selectProcessingTimes } from '../../../repositories/reports.ts';
import type { Api } from '../../api.ts';
import { rangeOf, report, reportQuery, reportSchema } from '../../schemas/report-query.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { staff } from '../../../domain/caller.ts';

const seconds = z.number().min(0).nullable().openapi({ description: 'Seconds; null without orders.', example: 1.25 });

const milestones = ['confirmed', 'shipped', 'delivered'] as const;

const timesSchema = reportSchema(
  z.strictObject({
    milestone: z.enum(milestones),
    orders: z.int().min(0).openapi({ description: 'Orders that have come so far.' }),
    p50: seconds,
    p90: seconds,
    p95: seconds,
    p99: seconds,
  }),
).openapi('ProcessingTimesReport');

/** `GET /reports/processing-times`: how long orders take. */
export function reportProcessingTimesRoute({ allow, config, reader, reporting }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reports/processing-times',
    operationId: 'reportProcessingTimes',
    summary: 'Read how long orders take',
    description: 'Percentiles of the time from placing an order until it was confirmed, shipped and delivered.',
    tags: ['reports'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: reportQuery({}) },
    responses: { 200: json(timesSchema, 'The report.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const range = rangeOf(c.req.valid('query'), config.order.timeZone);
      const { rows } = await reporting(() =>
        reader.read(c.get('caller').subject, (db) => selectProcessingTimes(range).execute(db)),
      );
      const times = milestones.map((milestone) => {
        const { orders = 0, percentiles } = rows.find((row) => row.milestone === milestone) ?? {};
        const [p50, p90, p95, p99] = reportPercentiles.map((_, index) => inMilliseconds(percentiles?.[index]));
        return { milestone, orders, p50: p50 ?? null, p90: p90 ?? null, p95: p95 ?? null, p99: p99 ?? null };
      });
      return c.json(report(range, times), 200);
    },
  });
}

/** Seconds with three decimals. */
function inMilliseconds(value: number | null | undefined): number | null {
  return value == null ? null : Math.round(value * 1_000) / 1_000;
}
