import { z } from '@hono/zod-openapi';
import {
  differenceKinds,
  paymentReportStates,
  remedies,
  type DifferenceKind,
  type PaymentReport,
} from '../../../domain/payment-report.ts';
import type { FoundDifference } from '../../../repositories/payment-reports.ts';
import { timeSchema } from '../../schemas/order-schema.ts';

const EXAMPLE_ID = '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f5';

/** The parameters of routes of one report. */
export const reportParams = z.object({
  id: z.string().openapi({
    param: { name: 'id', in: 'path' },
    description: 'The id of the report, as the answer to `POST /reconciliations` has it.',
    example: EXAMPLE_ID,
  }),
});

const differenceSchema = z
  .strictObject({
    kind: z.enum(differenceKinds),
    order_id: z.string().nullable(),
    order_number: z.string().nullable().openapi({ description: 'Null for what is no order of ours.' }),
    payment_id: z.string().nullable(),
    idempotency_key: z.string().nullable(),
    ours: z.string().nullable().openapi({ description: 'What our books say.', example: 'charged 25.00 EUR' }),
    theirs: z.string().nullable().openapi({ description: 'What the payment service says.' }),
    what_to_do: z.string(),
  })
  .openapi('PaymentDifference');

const reportShape = {
  id: z.uuid(),
  state: z.enum(paymentReportStates),
  from: timeSchema,
  to: timeSchema,
  actor: z.string(),
  payments: z.int().openapi({ description: 'How many payments the payment service told of.' }),
  orders: z.int().openapi({ description: 'How many orders were compared.' }),
  in_flight: z.int().openapi({ description: 'How many of them were left out, since something is under way.' }),
  problem: z.string().nullable().openapi({ description: 'Why a report could not be made.' }),
  created_at: timeSchema,
  ended_at: timeSchema.nullable(),
};

/** A report as it is listed. */
export const reportSchema = z.strictObject(reportShape).openapi('PaymentReport');

/** A report with what it found. */
export const reportWithDifferencesSchema = z
  .strictObject({
    ...reportShape,
    differences_by_kind: z.partialRecord(z.enum(differenceKinds), z.int()),
    differences: z.array(differenceSchema).openapi({ description: 'The first 1000; all of them are in the CSV.' }),
  })
  .openapi('PaymentReportWithDifferences');

/** A report as clients see it. */
export function reportView(report: PaymentReport) {
  return {
    id: report.id,
    state: report.state,
    from: report.from.toISOString(),
    to: report.to.toISOString(),
    actor: report.actor,
    payments: report.payments,
    orders: report.orders,
    in_flight: report.inFlight,
    problem: report.problem,
    created_at: report.createdAt.toISOString(),
    ended_at: report.endedAt && report.endedAt.toISOString(),
  };
}

/** A report and what it found, as clients see it. */
export function reportWithDifferencesView(
  report: PaymentReport,
  counts: Partial<Record<DifferenceKind, number>>,
  differences: readonly FoundDifference[],
) {
  return {
    ...reportView(report),
    differences_by_kind: counts,
    differences: differences.map((one) => ({
      kind: one.kind,
      order_id: one.orderId,
      order_number: one.orderNumber,
      payment_id: one.paymentId,
      idempotency_key: one.idempotencyKey,
      ours: one.ours,
      theirs: one.theirs,
      what_to_do: remedies[one.kind],
    })),
  };
}
