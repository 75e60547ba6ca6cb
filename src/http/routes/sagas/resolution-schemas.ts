import { z } from '@hono/zod-openapi';
import { describeResolution } from '../../../domain/describe-resolution.ts';
import { resolutions, type Resolution } from '../../../domain/messages.ts';
import { formatMoney } from '../../../domain/money.ts';
import {
  resolutionStatuses,
  resolvedStates,
  type ResolvedCounts,
  type SagaResolution,
} from '../../../domain/saga-resolution.ts';
import { sagaActions } from '../../../domain/saga.ts';
import { comparedLine, reason } from '../../../orders/text-schemas.ts';
import type { ResolutionPreview } from '../../../orders/resolve-sagas.ts';
import { moneySchema, orderStatusSchema, sagaStateSchema, timeSchema } from '../../schemas/order-schema.ts';

/** Orders that may be chosen one by one: as many as a page of a list has. */
const MOST_CHOSEN = 200;

const orderIds = z
  .array(z.uuid())
  .min(1)
  .max(MOST_CHOSEN)
  .optional()
  .openapi({ description: 'Parked steps of these orders.', example: ['01999a3e-5f1c-7c11-9f6e-2a40c1b1a001'] });

const filterSchema = z
  .strictObject({
    order_ids: orderIds,
    step: z.enum(sagaActions).optional().openapi({ description: 'Parked in this step or compensation.' }),
    error: comparedLine(200).optional().openapi({
      description: 'Whose last error holds this text, in whatever case.',
      example: 'answered 503',
    }),
    before: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: 'Parked before this moment.', example: '2026-11-21T09:30:00Z' }),
  })
  .refine(
    (filter) => Object.values(filter).some((value) => value !== undefined),
    'must name orders, a step, an error or a time',
  )
  .openapi('ParkedStepFilter');

/** The body of `POST /sagas/resolve`. */
export const resolutionRequestSchema = z
  .strictObject({
    filter: filterSchema,
    action: z.enum(resolutions),
    reason,
    dry_run: z.boolean().optional().openapi({ description: 'Only tells what it would be about; changes nothing.' }),
  })
  .openapi('SagaResolutionRequest');

/** The answer to a dry run. */
export const previewSchema = z
  .strictObject({
    dry_run: z.literal(true),
    matched: z.int().openapi({ description: 'How many parked steps the filter finds.' }),
    groups: z.array(
      z.strictObject({
        step: z.enum(sagaActions),
        effect: z.string().openapi({ description: 'What the action does to each of them.' }),
        orders: z.int(),
        currency: z.string().openapi({ example: 'EUR' }),
        total: moneySchema.openapi({ description: 'What these orders come to in all.', example: '1250.00' }),
      }),
    ),
    orders: z
      .array(
        z.strictObject({
          order_id: z.uuid(),
          order_number: z.string(),
          step: z.enum(sagaActions),
          parked_at: timeSchema,
          last_error: z.string().nullable(),
        }),
      )
      .openapi({ description: 'The first 200, the one that has been parked for longest first.' }),
  })
  .openapi('SagaResolutionPreview');

const countsSchema = z.strictObject({
  waiting: z.int(),
  decided: z.int(),
  unchanged: z.int(),
  failed: z.int(),
});

/** A resolution and how far it has come. A named schema that is extended would be read as one that allows nothing more. */
const resolutionFields = z.strictObject({
  id: z.uuid(),
  status: z.enum(resolutionStatuses),
  filter: z.strictObject({
    order_ids: z.array(z.uuid()).optional(),
    step: z.enum(sagaActions).optional(),
    error: z.string().optional(),
    before: z.string().optional(),
  }),
  action: z.enum(resolutions),
  reason: z.string(),
  actor: z.string(),
  created_at: timeSchema,
  completed_at: timeSchema.nullable(),
  counts: countsSchema.openapi({
    description:
      '`decided`: its saga has taken the decision. `unchanged`: it was not parked any more as it was, and was not touched. ' +
      '`failed`: its workflow did not take the decision.',
  }),
});

/** A resolution. */
export const resolutionSchema = resolutionFields.openapi('SagaResolution');

/** A resolution with a page of its orders. */
export const resolutionReportSchema = resolutionFields
  .extend({
    data: z.array(
      z.strictObject({
        order_id: z.uuid(),
        order_number: z.string(),
        step: z.enum(sagaActions),
        state: z.enum(resolvedStates),
        detail: z.string().nullable(),
        at: timeSchema.nullable(),
        status: orderStatusSchema.openapi({ description: 'Where the order stands now.' }),
        saga_state: sagaStateSchema,
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('SagaResolutionReport');

/** What a dry run answers. */
export function previewView({ groups, steps }: ResolutionPreview, action: Resolution) {
  return {
    dry_run: true as const,
    matched: groups.reduce((sum, { orders }) => sum + orders, 0),
    groups: groups.map(({ step, currency, orders, totalMinor }) => ({
      step,
      effect: describeResolution(step, action),
      orders,
      currency,
      total: formatMoney(totalMinor, currency),
    })),
    orders: steps.map(({ orderId, orderNumber, step, parkedAt, lastError }) => ({
      order_id: orderId,
      order_number: orderNumber,
      step,
      parked_at: parkedAt.toISOString(),
      last_error: lastError,
    })),
  };
}

/** A resolution as it is answered. */
export function resolutionView(resolution: SagaResolution, counts: ResolvedCounts) {
  const { id, action, reason: why, actor, createdAt, completedAt } = resolution;
  const { order_ids: chosen, ...filter } = resolution.filter;
  return {
    id,
    status: completedAt ? ('COMPLETED' as const) : ('RUNNING' as const),
    filter: { ...(chosen && { order_ids: [...chosen] }), ...filter },
    action,
    reason: why,
    actor,
    created_at: createdAt.toISOString(),
    completed_at: completedAt?.toISOString() ?? null,
    counts: {
      waiting: counts.WAITING,
      decided: counts.DECIDED,
      unchanged: counts.UNCHANGED,
      failed: counts.FAILED,
    },
  };
}
